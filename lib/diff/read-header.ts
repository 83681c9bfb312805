import { type BigIntStats, lstatSync, readlinkSync } from 'node:fs'
import { type ByteString, bufferOf, bytesOfBuffer, isAscii, textOf } from '../streams/bytes.js'
import { createEntry, type Entry, type EntryType } from './entry.js'
import { readProblem } from './read-problem.js'
import { settledIdentity } from './settled-identity.js'
import { readXattrs } from './xattr.js'

/** A path of this machine, as Node's functions take it: a Buffer where it is not plain ASCII. */
export function nativePath(path: ByteString): string | Buffer {
  return isAscii(path) ? path : bufferOf(path)
}

/** The header of what lies at `location`, as the entry `path`, and what it takes to know other paths of its inode. */
export interface FoundHeader {
  readonly entry: Entry | null
  /** Set where other paths share the inode. */
  readonly inode: string | null
  /** Whether there was no way to ask for its extended attributes; see `readXattrs`. */
  readonly xattrsUnreachable: boolean
}

/** Reads a header with lstat. The entry is null for a socket, which no layer can hold. */
export function readHeader(location: ByteString, path: ByteString): FoundHeader {
  const native = nativePath(location)
  const stats = statOf(native, location)
  const type = typeOf(stats)
  if (type === null) return { entry: null, inode: null, xattrsUnreachable: false }
  const isDevice = type === 'character-device' || type === 'block-device'
  const nanoseconds = Number(((stats.mtimeNs % BILLION) + BILLION) % BILLION)
  const xattrs = type === 'file' || type === 'directory' ? readXattrs(location, native, type) : null
  const entry = createEntry({
    path,
    type,
    mode: Number(stats.mode & 0o7777n),
    uid: Number(stats.uid),
    gid: Number(stats.gid),
    size: type === 'file' ? Number(stats.size) : 0,
    mtime: Number((stats.mtimeNs - BigInt(nanoseconds)) / BILLION),
    nanoseconds,
    link: type === 'symlink' ? bytesOfBuffer(readlinkSync(native, { encoding: 'buffer' })) : '',
    major: isDevice ? majorOf(stats.rdev) : 0,
    minor: isDevice ? minorOf(stats.rdev) : 0,
    xattrs: xattrs === 'unreachable' ? null : xattrs,
    identity: type === 'file' ? settledIdentity(stats, Date.now()) : null
  })
  const inode = stats.nlink > 1n && type !== 'directory' ? `${stats.dev}:${stats.ino}` : null
  return { entry, inode, xattrsUnreachable: xattrs === 'unreachable' }
}

function statOf(native: string | Buffer, location: ByteString): BigIntStats {
  try {
    return lstatSync(native, { bigint: true })
  } catch (cause) {
    throw readProblem('read directory', textOf(location), cause)
  }
}

function typeOf(stats: BigIntStats): EntryType | null {
  if (stats.isFile()) return 'file'
  if (stats.isDirectory()) return 'directory'
  if (stats.isSymbolicLink()) return 'symlink'
  if (stats.isFIFO()) return 'fifo'
  if (stats.isCharacterDevice()) return 'character-device'
  return stats.isBlockDevice() ? 'block-device' : null
}

/** How Linux folds the two numbers into one: makedev(3). */
function majorOf(device: bigint): number {
  return Number(((device >> 8n) & 0xfffn) | ((device >> 32n) & 0xfffff000n))
}

function minorOf(device: bigint): number {
  return Number((device & 0xffn) | ((device >> 12n) & 0xffffff00n))
}

const BILLION = 1_000_000_000n
