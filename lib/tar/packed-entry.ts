import type { Entry, Xattrs } from '../diff/entry.js'
import type { ByteString } from '../streams/bytes.js'
import type { PackOptions } from './pack.js'

/** What a program may do without being root's: without it the program does not work. */
const CAPABILITY = 'security.capability'

const HALF_SECOND = 500_000_000

/** Gives an entry as the tar has it: in whole seconds, and with the attributes that are kept. */
export function packedAs(options: PackOptions, onDropped: (name: ByteString) => void): (entry: Entry) => Entry {
  return (entry) => {
    const [mtime, xattrs] = [mtimeOf(entry, options), xattrsOf(entry, options, onDropped)]
    if (mtime === entry.mtime && xattrs === entry.xattrs && entry.nanoseconds === 0) return entry
    return { ...entry, mtime, nanoseconds: 0, xattrs }
  }
}

function mtimeOf({ mtime, nanoseconds }: Entry, { latest, roundTimes }: PackOptions): number {
  const rounded = roundTimes && nanoseconds >= HALF_SECOND ? mtime + 1 : mtime
  return typeof latest === 'number' ? Math.min(rounded, latest) : rounded
}

function xattrsOf({ xattrs }: Entry, options: PackOptions, onDropped: (name: ByteString) => void): Xattrs | null {
  if (xattrs === null || options.xattrs === 'all') return xattrs
  const capability = xattrs.get(CAPABILITY)
  for (const name of xattrs.keys()) if (name !== CAPABILITY) onDropped(name)
  return capability ? new Map([[CAPABILITY, capability]]) : null
}
