import type { ByteString } from '../streams/bytes.js'
import { comparePaths, type Entry } from './entry.js'
import type { Inode, TreeNode } from './tree-node.js'

export interface WalkOptions {
  /** Whether directories that no layer has an entry for are listed. */
  readonly implied: boolean
}

/** The entries of a merged tree in walk order. The first name of an inode has its body, the others are links to it. */
export function* walkTree(root: TreeNode, { implied }: WalkOptions): Generator<Entry> {
  const firstNames = new Map<Inode, ByteString>()
  for (const { path, node } of walkNodes(root)) {
    if (node.implied && !implied) continue
    const { inode } = node
    const first = firstNames.get(inode)
    if (first !== undefined) yield { ...inode.entry, path, type: 'hardlink', size: 0, link: first }
    else yield inode.entry.path === path ? inode.entry : { ...inode.entry, path }
    if (inode.linked && first === undefined) firstNames.set(inode, path)
  }
}

/** Two series of entries in walk order as one. */
export function* mergeWalks(entries: Iterable<Entry>, whiteouts: readonly Entry[]): Generator<Entry> {
  let at = 0
  for (const entry of entries) {
    for (let next = whiteouts[at]; next && isBefore(next, entry); next = whiteouts[at]) {
      yield next
      at += 1
    }
    yield entry
  }
  yield* whiteouts.slice(at)
}

/** The order of a walk: a whiteout comes before what has the same path, an opaque one after it. */
export function compareEntries(left: Entry, right: Entry): number {
  return comparePaths(left.path, right.path) || rankOf(left) - rankOf(right)
}

function isBefore(whiteout: Entry, entry: Entry): boolean {
  return compareEntries(whiteout, entry) < 0
}

function rankOf({ type }: Entry): number {
  return type === 'whiteout' ? 0 : type === 'opaque' ? 2 : 1
}

interface Step {
  readonly path: ByteString
  readonly node: TreeNode
}

function* walkNodes(root: TreeNode): Generator<Step> {
  const waiting: Step[] = []
  const enter = ({ path, node }: Step): void => {
    const names = [...(node.children?.keys() ?? [])].sort().reverse()
    for (const name of names) {
      const child = node.children?.get(name)
      if (child) waiting.push({ path: path === '' ? name : `${path}/${name}`, node: child })
    }
  }
  enter({ path: '', node: root })
  for (let step = waiting.pop(); step; step = waiting.pop()) {
    yield step
    enter(step)
  }
}
