import { baseOf, type Entry, parentOf } from '../diff/entry.js'
import type { Snapshot } from '../diff/snapshot.js'
import type { ByteString } from '../streams/bytes.js'
import type { Tree, TreeNode } from './tree.js'

/**
 * A snapshot as a tree: its headers are read into memory, its bodies stay where they are. `identity` stands for all that
 * is in it; null where nothing does.
 */
export async function treeOf(snapshot: Snapshot, identity: string | null): Promise<Tree> {
  const nodes = await nodesOf(snapshot, identity)
  const names = new Map<ByteString, ByteString[]>()
  for (const path of nodes.keys()) {
    const siblings = names.get(parentOf(path))
    if (siblings) siblings.push(baseOf(path))
    else names.set(parentOf(path), [baseOf(path)])
  }
  return { get: (path) => nodes.get(path) ?? null, names: (path) => names.get(path) ?? [] }
}

/** The same as nodes by path, in walk order. */
export async function nodesOf(snapshot: Snapshot, identity: string | null): Promise<ReadonlyMap<ByteString, TreeNode>> {
  const nodes = new Map<ByteString, TreeNode>()
  for await (const batch of snapshot.walk()) {
    for (const entry of batch)
      nodes.set(entry.path, entry.type === 'hardlink' ? share(entry, nodes) : nodeOf(entry, snapshot, identity))
  }
  return nodes
}

function nodeOf(entry: Entry, origin: Snapshot, whole: string | null): TreeNode {
  const identity = whole === null ? null : `${whole} ${entry.path}`
  return { entry, body: entry.type === 'file' ? { origin, path: entry.path, identity } : null, inode: null }
}

/** In a snapshot a link's target always stands before it. */
function share(entry: Entry, nodes: Map<ByteString, TreeNode>): TreeNode {
  const target = nodes.get(entry.link)
  if (!target) throw new TypeError(`a link to nothing: ${entry.path}`)
  const inode = target.inode ?? {}
  if (target.inode === null) nodes.set(entry.link, { ...target, inode })
  return { entry: { ...target.entry, path: entry.path }, body: target.body, inode }
}
