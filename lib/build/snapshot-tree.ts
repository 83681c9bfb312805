import { baseOf, type Entry, parentOf } from '../diff/entry.js'
import type { Snapshot } from '../diff/snapshot.js'
import type { ByteString } from '../streams/bytes.js'
import type { Tree, TreeNode } from './tree.js'

/**
 * A snapshot as a tree: its headers are read into memory, its bodies stay where they are. `identity` stands for all that
 * is in it; null where nothing does.
 */
export async function treeOf(snapshot: Snapshot, identity: string | null): Promise<Tree> {
  const nodes = new Map<ByteString, TreeNode>()
  const names = new Map<ByteString, ByteString[]>()
  for await (const batch of snapshot.walk()) {
    for (const entry of batch) {
      nodes.set(entry.path, entry.type === 'hardlink' ? share(entry, nodes) : nodeOf(entry, snapshot, identity))
      const siblings = names.get(parentOf(entry.path))
      if (siblings) siblings.push(baseOf(entry.path))
      else names.set(parentOf(entry.path), [baseOf(entry.path)])
    }
  }
  return { get: (path) => nodes.get(path) ?? null, names: (path) => names.get(path) ?? [] }
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
