import type { ByteString } from '../streams/bytes.js'
import { createEntry, type Entry } from './entry.js'

/** What the names of a hard-linked file share. */
export interface Inode {
  /** Under the name that it came with. */
  readonly entry: Entry
  /** Of its body in the spool. */
  readonly offset: number
  /** Whether it was ever given a second name. */
  linked: boolean
}

/** One path of the merged file system. */
export interface TreeNode {
  inode: Inode
  /** The layer that put it there. */
  layer: number
  /** A directory that no layer has an entry for, only entries below it. */
  implied: boolean
  /** By name; null for what is no directory. */
  children: Map<ByteString, TreeNode> | null
}

export function isDirectory(node: TreeNode): boolean {
  return node.inode.entry.type === 'directory'
}

/** A directory whose children imply it. */
export function impliedDirectory(path: ByteString, layer: number): TreeNode {
  return { inode: impliedInode(path), layer, implied: true, children: new Map() }
}

export function impliedInode(path: ByteString): Inode {
  return { entry: createEntry({ path, type: 'directory', mode: 0o755 }), offset: 0, linked: false }
}
