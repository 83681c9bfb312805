import type { Entry, EntryType } from '../diff/entry.js'
import { InputError } from '../errors.js'
import { type ByteString, bytesOfText, printable, textOf } from '../streams/bytes.js'
import { nameOf } from '../tar/header.js'

/** How both kinds of tables of contents call the types of entries; a whiteout is an empty file to them. */
const TYPES: Readonly<Record<EntryType, string>> = {
  file: 'reg',
  directory: 'dir',
  symlink: 'symlink',
  hardlink: 'hardlink',
  'character-device': 'char',
  'block-device': 'block',
  fifo: 'fifo',
  whiteout: 'reg',
  opaque: 'reg'
}

/** The fields that both kinds of tables of contents have, as `JSON.stringify` takes them; what is empty is left out. */
export function tocFields(entry: Entry) {
  return {
    name: tocText(nameOf(entry)),
    type: TYPES[entry.type],
    size: entry.size || undefined,
    linkName: entry.link === '' ? undefined : tocText(entry.link),
    mode: entry.mode || undefined,
    uid: entry.uid || undefined,
    gid: entry.gid || undefined,
    devMajor: entry.major || undefined,
    devMinor: entry.minor || undefined,
    xattrs: xattrsOf(entry)
  }
}

function xattrsOf({ xattrs }: Entry): Readonly<Record<string, string>> | undefined {
  if (xattrs === null || xattrs.size === 0) return undefined
  return Object.fromEntries([...xattrs].map(([name, value]) => [tocText(name), value.toString('base64')]))
}

/** JSON holds text, so a name that is not UTF-8 would come out of a lazily pulled layer as another. */
function tocText(name: ByteString): string {
  const text = textOf(name)
  if (text === name || bytesOfText(text) === name) return text
  throw new InputError({
    operation: 'compress layer',
    subject: `entry ${printable(name)}`,
    expected: 'a name in UTF-8, for the table of contents of a lazily pulled layer',
    found: 'other bytes',
    advice: 'rename it, or use compression gzip or zstd, which keep any name'
  })
}
