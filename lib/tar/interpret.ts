import type { Entry, EntryType } from '../diff/entry.js'
import { printable } from '../streams/bytes.js'
import type { TarHeader } from './decode.js'
import { type Extended, sparse } from './extended.js'
import { Malformed, REFUSED } from './malformed.js'
import { normalizePath, verifyLength } from './path.js'

/**
 * The entry that a header and the extended headers before it describe, or null for the root and a volume label.
 * Names that deletions hide behind are not looked at. Throws Malformed for what cannot be one.
 */
export function interpret(header: TarHeader, extended: Extended): Entry | null {
  if (header.flag === VOLUME_LABEL) return null
  if (extended.isSparse) throw sparse()
  const name = extended.path ?? header.name
  const type = typeOf(header.flag, name)
  const path = normalizePath(name, 'name')
  if (path === '' && type === 'directory' && name !== '') return null
  if (path === '') throw refused('a name', `"${printable(name)}" for a ${type}`)
  const link = linkOf(type, header, extended)
  if (link === path && type === 'hardlink') throw refused('a hard link to another entry', 'one to itself')
  const { uid, gid, time, xattrs } = extended
  return {
    path,
    type,
    mode: header.mode & 0o7777,
    uid: ownerOf('uid', uid ?? header.uid),
    gid: ownerOf('gid', gid ?? header.gid),
    size: sizeOf(type, header, extended),
    mtime: secondsOf(time?.seconds ?? header.mtime),
    nanoseconds: time?.nanoseconds ?? 0,
    link,
    major: header.major,
    minor: header.minor,
    xattrs: xattrs ?? null,
    identity: null
  }
}

function typeOf(flag: string, name: string): EntryType {
  const type = TYPES.get(flag)
  if (type === 'file' && name.endsWith('/')) return 'directory' // as v7 has them, which knows no directories
  if (type !== undefined) return type
  if (flag === 'S') throw sparse()
  throw refused('a file, directory, link or device', `the entry type "${printable(flag)}"`)
}

function ownerOf(field: string, id: number): number {
  if (id >= 0 && id < NOBODY_AT_ALL) return id
  throw refused(`a ${field} from 0 to ${NOBODY_AT_ALL - 1}`, String(id))
}

function secondsOf(mtime: number): number {
  if (Math.abs(mtime) <= LAST_SECOND) return mtime
  throw refused('a time that a calendar can hold', `${mtime} seconds since 1970`)
}

function linkOf(type: EntryType, header: TarHeader, extended: Extended): string {
  if (type !== 'symlink' && type !== 'hardlink') return ''
  const link = extended.link ?? header.link
  verifyLength(link, 'link target')
  const target = type === 'symlink' ? link : normalizePath(link, 'link target')
  if (target === '') throw refused('a link target', 'none')
  return target
}

/** Only files have a body: programs that extract layers pass over whatever size the others claim. */
function sizeOf(type: EntryType, header: TarHeader, extended: Extended): number {
  const size = extended.size ?? header.size
  if (size < 0) throw refused('a size of 0 or more', String(size))
  if (type === 'directory' && header.flag !== DIRECTORY && size > 0) throw refused('a directory', 'one with contents')
  if (type !== 'file') return 0
  if (extended.size != null && size !== header.size && header.size !== 0 && header.size !== OVERFLOWN)
    throw refused(`${header.size} bytes, as the header says`, `${size} in the PAX record`)
  return size
}

function refused(expected: string, found: string): Malformed {
  return new Malformed({ expected, found, advice: REFUSED })
}

const TYPES: ReadonlyMap<string, EntryType> = new Map([
  ['\0', 'file'],
  ['0', 'file'],
  ['7', 'file'],
  ['1', 'hardlink'],
  ['2', 'symlink'],
  ['3', 'character-device'],
  ['4', 'block-device'],
  ['5', 'directory'],
  ['6', 'fifo']
])
const DIRECTORY = '5'
const VOLUME_LABEL = 'V'
/** (uid_t) -1, which tells chown to change nothing: the file would keep the owner of whoever extracts it. */
const NOBODY_AT_ALL = 0xffff_ffff
/** The last that a Date, and so a config's `created`, can hold. */
const LAST_SECOND = 8_640_000_000_000
/** What fills the size field where it is too small and a PAX record holds the size. */
const OVERFLOWN = 0o77777777777
