import { baseOf, comparePaths, parentOf } from '../diff/entry.js'
import type { ByteString } from '../streams/bytes.js'
import { childPath, type Tree, type TreeNode } from './tree.js'

/** What one step changes in a tree, and the tree that it makes. */
export interface Overlay extends Tree {
  readonly lower: Tree
  set(node: TreeNode): void
  /** Removes a path with everything below it. */
  remove(path: ByteString): void
  /** What was set and is still there, in walk order. */
  changes(): readonly TreeNode[]
}

/** An empty overlay over `lower`, which must not change any more. */
export function createOverlay(lower: Tree): Overlay {
  return new OverlayTree(lower)
}

function compareNodes(a: TreeNode, b: TreeNode): number {
  return comparePaths(a.entry.path, b.entry.path)
}

class OverlayTree implements Overlay {
  readonly lower: Tree
  /** Null for what is removed. */
  readonly #own = new Map<ByteString, TreeNode | null>()
  /** Made when somebody asks for names: most overlays are only written to. */
  #names: Map<ByteString, Set<ByteString>> | null = null

  constructor(lower: Tree) {
    this.lower = lower
  }

  get(path: ByteString): TreeNode | null {
    const own = this.#own.get(path)
    return own === undefined ? this.lower.get(path) : own
  }

  names(path: ByteString): readonly ByteString[] {
    const below = this.lower.names(path)
    const own = this.#index().get(path)
    if (!own) return below
    const all = new Set([...below, ...own])
    return [...all].filter((name) => this.get(childPath(path, name)) !== null).sort()
  }

  set(node: TreeNode): void {
    const { path } = node.entry
    if (node.entry.type !== 'directory') this.#removeBelow(path)
    this.#put(path, node)
  }

  remove(path: ByteString): void {
    this.#removeBelow(path)
    this.#put(path, null)
  }

  changes(): readonly TreeNode[] {
    const nodes = [...this.#own.values()].filter((node) => node !== null)
    const inOrder = nodes.every((node, at) => at === 0 || compareNodes(nodes[at - 1] ?? node, node) < 0)
    return inOrder ? nodes : nodes.sort(compareNodes) // a walk sets them in order, all but the directories above
  }

  #put(path: ByteString, node: TreeNode | null): void {
    this.#own.set(path, node)
    if (this.#names) addName(path, this.#names)
  }

  #index(): Map<ByteString, Set<ByteString>> {
    if (this.#names) return this.#names
    this.#names = new Map()
    for (const path of this.#own.keys()) addName(path, this.#names)
    return this.#names
  }

  #removeBelow(path: ByteString): void {
    if (this.get(path)?.entry.type !== 'directory') return
    for (const name of this.names(path)) this.remove(childPath(path, name))
  }
}

function addName(path: ByteString, index: Map<ByteString, Set<ByteString>>): void {
  const names = index.get(parentOf(path))
  if (names) names.add(baseOf(path))
  else index.set(parentOf(path), new Set([baseOf(path)]))
}
