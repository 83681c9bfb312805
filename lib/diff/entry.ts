import type { ByteString } from '../streams/bytes.js'

/**
 * What an entry is. A `whiteout` records that `path` is deleted; an `opaque` whiteout that everything which lower
 * layers have below the directory `path` is deleted.
 */
export type EntryType =
  | 'file'
  | 'directory'
  | 'symlink'
  | 'hardlink'
  | 'character-device'
  | 'block-device'
  | 'fifo'
  | 'whiteout'
  | 'opaque'

/** One path of a file system with its header. Immutable. Its body, where it has one, travels behind it. */
export interface Entry {
  /** Relative, components joined by `/`, no leading or trailing slash, no `.` or `..`; empty only where the root is opaque. */
  readonly path: ByteString
  readonly type: EntryType
  /** Permissions with setuid, setgid and sticky: 0 to 0o7777. */
  readonly mode: number
  readonly uid: number
  readonly gid: number
  /** Bytes of the body that follows; 0 for everything but a `file`. */
  readonly size: number
  /** Whole seconds since 1970; may be negative. */
  readonly mtime: number
  /** 0 to 999,999,999, added to `mtime`. */
  readonly nanoseconds: number
  /** A symlink's target verbatim, or the path that a hard link shares its inode with; else empty. */
  readonly link: ByteString
  readonly major: number
  readonly minor: number
  /** Extended attributes by name, or null where there are none. */
  readonly xattrs: Xattrs | null
  /** Stands for the body: equal only where the bytes are; null where nothing tells without reading them. */
  readonly identity: string | null
}

export type Xattrs = ReadonlyMap<ByteString, Buffer>

/**
 * What flows between a source, `diff`, `pack` and `save`: entries in walk order, each directly followed by the
 * pieces of its body, which add up to `size`. Batched so that small files cost no promise each; a batch holds
 * about 1 MiB of bodies at the most, and a body may go on in the next batch.
 */
export type EntryBatch = readonly (Entry | Buffer)[]

/** An entry with defaults for all that is not given. */
export function createEntry(fields: Pick<Entry, 'path' | 'type'> & Partial<Entry>): Entry {
  return {
    path: fields.path,
    type: fields.type,
    mode: fields.mode ?? 0,
    uid: fields.uid ?? 0,
    gid: fields.gid ?? 0,
    size: fields.size ?? 0,
    mtime: fields.mtime ?? 0,
    nanoseconds: fields.nanoseconds ?? 0,
    link: fields.link ?? '',
    major: fields.major ?? 0,
    minor: fields.minor ?? 0,
    xattrs: fields.xattrs ?? null,
    identity: fields.identity ?? null
  }
}

/**
 * The walk order: lexical by path component, names compared as bytes. `a/b` comes before `a.txt` because the
 * component `a` comes before `a.txt`, although `.` sorts before `/`.
 */
export function comparePaths(left: ByteString, right: ByteString): number {
  const length = Math.min(left.length, right.length)
  for (let at = 0; at < length; at += 1) {
    const a = left.charCodeAt(at)
    const b = right.charCodeAt(at)
    if (a !== b) return a === SLASH ? -1 : b === SLASH ? 1 : a - b
  }
  return left.length - right.length
}

/** The path of the directory that holds `path`, or an empty string at the top. */
export function parentOf(path: ByteString): ByteString {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')))
}

/** The last component of `path`. */
export function baseOf(path: ByteString): ByteString {
  return path.slice(path.lastIndexOf('/') + 1)
}

const SLASH = 0x2f
