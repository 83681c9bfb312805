import { baseOf, createEntry, type Entry, parentOf } from '../diff/entry.js'
import { Malformed, REFUSED } from './malformed.js'

/**
 * The deletion that an entry stands for (image-spec, layer.md, "Whiteouts"), the entry itself where it stands for
 * none, or null for what AUFS kept for itself. Throws Malformed for one that deletes nothing nameable.
 */
export function decodeWhiteout(entry: Entry): Entry | null {
  if (!entry.path.includes(PREFIX)) return entry
  const base = baseOf(entry.path)
  const parent = parentOf(entry.path)
  const above = parent.split('/').find((component) => component.startsWith(PREFIX))
  if (above?.startsWith(META)) return null
  if (above !== undefined) throw unclear('an entry below one')
  if (!base.startsWith(PREFIX)) return entry
  if (base === OPAQUE) return createEntry({ path: parent, type: 'opaque' })
  if (base.startsWith(META)) return null
  const name = base.slice(PREFIX.length)
  if (name === '' || name === '.' || name === '..') throw unclear(`one of "${name}"`)
  return createEntry({ path: parent === '' ? name : `${parent}/${name}`, type: 'whiteout' })
}

function unclear(found: string): Malformed {
  return new Malformed({ expected: 'a whiteout that names what it deletes', found, advice: REFUSED })
}

const PREFIX = '.wh.'
const META = '.wh..wh.'
const OPAQUE = '.wh..wh..opq'
