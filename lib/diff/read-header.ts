import { readlinkSync } from 'node:fs'
import { type ByteString, bytesOfBuffer } from '../streams/bytes.js'
import { askEach, type BareFiles } from './bare-files.js'
import { createEntry, type Entry } from './entry.js'
import { type FileStats, readStats, typeOf } from './file-stats.js'
import { nativePath } from './native-path.js'
import { settledIdentity } from './settled-identity.js'
import { type FoundXattrs, readXattrs } from './xattr.js'

/** The header of what lies at `location`, as the entry `path`, and what it takes to know other paths of its inode. */
export interface FoundHeader {
  readonly entry: Entry | null
  /** Set where other paths share the inode. */
  readonly inode: string | null
  /** Whether there was no way to ask for its extended attributes; see `readXattrs`. */
  readonly xattrsUnreachable: boolean
}

/** Reads a header with lstat. What `bare` knows is not asked for extended attributes. */
export function readHeader(location: ByteString, path: ByteString, bare: BareFiles = askEach): FoundHeader {
  return headerOf(readStats(location), location, path, bare)
}

/** A header, of what lstat says of it. The entry is null for a socket, which no layer can hold. */
export function headerOf(
  stats: FileStats,
  location: ByteString,
  path: ByteString,
  bare: BareFiles = askEach
): FoundHeader {
  const type = typeOf(stats)
  if (type === null) return { entry: null, inode: null, xattrsUnreachable: false }
  const isDevice = type === 'character-device' || type === 'block-device'
  const nanoseconds = Number(((stats.mtimeNs % BILLION) + BILLION) % BILLION)
  const identity = settledIdentity(stats, Date.now())
  const xattrs = type === 'file' || type === 'directory' ? attributesOf(location, type, identity, bare) : 'none'
  const entry = createEntry({
    path,
    type,
    mode: Number(stats.mode & 0o7777n),
    uid: Number(stats.uid),
    gid: Number(stats.gid),
    size: type === 'file' ? Number(stats.size) : 0,
    mtime: Number((stats.mtimeNs - BigInt(nanoseconds)) / BILLION),
    nanoseconds,
    link: type === 'symlink' ? bytesOfBuffer(readlinkSync(nativePath(location), { encoding: 'buffer' })) : '',
    major: isDevice ? majorOf(stats.rdev) : 0,
    minor: isDevice ? minorOf(stats.rdev) : 0,
    xattrs: typeof xattrs === 'string' ? null : xattrs,
    identity: type === 'file' ? identity : null
  })
  const inode = stats.nlink > 1n && type !== 'directory' ? `${stats.dev}:${stats.ino}` : null
  return { entry, inode, xattrsUnreachable: xattrs === 'unreachable' }
}

function attributesOf(
  location: ByteString,
  type: 'file' | 'directory',
  identity: string | null,
  bare: BareFiles
): FoundXattrs {
  if (identity !== null && bare.has(identity)) return 'none'
  const found = readXattrs(location, type)
  if (identity !== null && found === 'none') bare.add(identity)
  return found
}

/** How Linux folds the two numbers into one: makedev(3). */
function majorOf(device: bigint): number {
  return Number(((device >> 8n) & 0xfffn) | ((device >> 32n) & 0xfffff000n))
}

function minorOf(device: bigint): number {
  return Number((device & 0xffn) | ((device >> 12n) & 0xffffff00n))
}

const BILLION = 1_000_000_000n
