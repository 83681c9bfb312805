import { type Entry, parentOf } from '../diff/entry.js'
import { compareHeaders, sameContents } from '../diff/same.js'
import type { Snapshot } from '../diff/snapshot.js'
import type { ByteString } from '../streams/bytes.js'
import type { NameLayer } from './layer-names.js'
import { createNodeSnapshot } from './node-snapshot.js'
import type { Overlay } from './overlay.js'
import { entryInOrigin, type Tree, type TreeBody, type TreeNode } from './tree.js'

/** A layer that a step made, and what it is made of, where that is known without reading it. */
export interface StepLayer {
  readonly upper: Snapshot
  readonly key: string | undefined
}

/**
 * The layer that a step made: what is not as it was below, with the directories that lead there, each with its own
 * metadata. Where nothing is, the layer is empty, as BuildKit's. Fails only where contents that have to be compared
 * can't be read.
 */
export async function layerOf(overlay: Overlay, nameLayer: NameLayer): Promise<StepLayer> {
  const nodes: TreeNode[] = []
  const directories = new Set<ByteString>()
  for (const node of overlay.changes()) {
    const before = overlay.lower.get(node.entry.path)
    if (before !== null && !(await isChanged(before, node))) continue
    addParents(nodes, directories, node.entry.path, overlay)
    nodes.push(node)
    if (node.entry.type === 'directory') directories.add(node.entry.path)
  }
  return { upper: createNodeSnapshot(nodes), key: await nameLayer(nodes) }
}

async function isChanged(before: TreeNode, node: TreeNode): Promise<boolean> {
  const verdict = compareHeaders(before.entry, node.entry, 'capability')
  if (verdict !== 'contents decide' || !before.body || !node.body) return verdict === 'different'
  return !(await sameContents(inOrigin(before.body, before.entry), inOrigin(node.body, node.entry)))
}

function inOrigin(body: TreeBody, entry: Entry) {
  return { snapshot: body.origin, entry: entryInOrigin(body, entry) }
}

/** `directories` are those that are among the nodes already. */
function addParents(nodes: TreeNode[], directories: Set<ByteString>, path: ByteString, tree: Tree): void {
  const parent = parentOf(path)
  if (parent === '' || directories.has(parent)) return
  addParents(nodes, directories, parent, tree)
  const node = tree.get(parent)
  if (!node) return
  nodes.push(node)
  directories.add(parent)
}
