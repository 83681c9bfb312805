import type { Readable } from 'node:stream'
import type { Entry } from '../diff/entry.js'
import type { Snapshot } from '../diff/snapshot.js'
import type { ByteString } from '../streams/bytes.js'

/** Where bodies come from. The entries that it is asked for are always its own. */
export type Origin = Pick<Snapshot, 'contents' | 'open'>

/** The contents of a path. */
export interface TreeBody {
  readonly origin: Origin
  /** The one that the origin has for it. */
  readonly path: ByteString
  /** Equal only where the bytes are; null where nothing tells without reading them. */
  readonly identity: string | null
}

/** One path of a tree. */
export interface TreeNode {
  /** As it is in this tree; hard links are told by `inode`, so this is never a `hardlink`. */
  readonly entry: Entry
  /** Null where there is none. */
  readonly body: TreeBody | null
  /** The same object for all paths of one inode; null where there is only one path. */
  readonly inode: object | null
}

/** A file system that paths can be looked up in: a build context, a stage, an image. Paths as in an Entry; `` is the root. */
export interface Tree {
  /** Null where there is nothing. Links are not followed. */
  get(path: ByteString): TreeNode | null
  /** The names in a directory, in byte order; none where there is no directory. */
  names(path: ByteString): readonly ByteString[]
}

/** What to ask an origin for: an entry with these contents, by the path that they have there. */
export function entryInOrigin({ path }: TreeBody, entry: Entry): Entry {
  return entry.path === path ? entry : { ...entry, path }
}

/** Reads the contents of a path that has some. */
export function openBody(body: TreeBody, entry: Entry): Readable {
  return body.origin.open(entryInOrigin(body, entry))
}

export const emptyTree: Tree = { get: () => null, names: () => [] }

/** `name` in `directory`. Joined, because a concatenation keeps its parts, and a tree has a hundred thousand paths. */
export function childPath(directory: ByteString, name: ByteString): ByteString {
  return directory === '' ? name : [directory, name].join('/')
}

/** Whether a path is a directory. The root always is. */
export function isDirectory(tree: Tree, path: ByteString): boolean {
  return path === '' || tree.get(path)?.entry.type === 'directory'
}
