import type { Readable } from 'node:stream'
import type { Entry, EntryBatch } from '../diff/entry.js'
import type { Snapshot } from '../diff/snapshot.js'
import type { ReaderOptions } from '../streams/body.js'
import type { ByteString } from '../streams/bytes.js'
import { giveBack, lend } from '../streams/loan.js'
import { type PackedNodes, packNodes } from './packed-nodes.js'
import { childPath, entryInOrigin, type Origin, openBody, type Tree, type TreeBody, type TreeNode } from './tree.js'

/** Entries go out in batches of this many, as in every other walk. */
const BATCH_ENTRIES = 512

/** A whole tree as a snapshot. */
export function snapshotOf(tree: Tree): Snapshot {
  const nodes: TreeNode[] = []
  const visit = (directory: ByteString): void => {
    for (const name of tree.names(directory)) {
      const path = childPath(directory, name)
      const node = tree.get(path)
      if (node) nodes.push(node)
      visit(path)
    }
  }
  visit('')
  return createNodeSnapshot(nodes)
}

/** Nodes, which are in walk order, as a snapshot. */
export function createNodeSnapshot(nodes: readonly TreeNode[]): Snapshot {
  return new NodeSnapshot(packNodes(nodes))
}

class NodeSnapshot implements Snapshot {
  readonly #nodes: PackedNodes

  constructor(nodes: PackedNodes) {
    this.#nodes = nodes
  }

  async *walk(): AsyncGenerator<readonly Entry[]> {
    const firsts = new Map<number, ByteString>()
    let batch: Entry[] = []
    for (let index = 0; index < this.#nodes.count; index += 1) {
      const [entry, inode] = [this.#nodes.entry(index), this.#nodes.inode(index)]
      const first = inode === 0 ? undefined : firsts.get(inode)
      if (inode !== 0 && first === undefined) firsts.set(inode, entry.path)
      batch.push(first === undefined ? entry : { ...entry, type: 'hardlink', link: first, size: 0 })
      if (batch.length < BATCH_ENTRIES) continue
      yield batch
      batch = []
    }
    if (batch.length > 0) yield batch
  }

  async *contents(entries: AsyncIterable<readonly Entry[]>, reader?: ReaderOptions): AsyncGenerator<EntryBatch> {
    for await (const some of entries) {
      for (const { origin, run } of this.#runs(some)) {
        if (origin === null) yield run
        else yield* this.#bodies(run, origin, reader)
      }
    }
  }

  /** Entries that can be asked of one origin together. Those without a body go with any: a run costs its own memory. */
  *#runs(entries: readonly Entry[]): Generator<{ readonly origin: Origin | null; readonly run: readonly Entry[] }> {
    let start = 0
    let origin: Origin | null = null
    for (const [at, entry] of entries.entries()) {
      const own = this.#bodyOf(entry)?.origin ?? null
      if (own !== null && origin !== null && own !== origin) {
        yield { origin, run: entries.slice(start, at) }
        start = at
        origin = own
      }
      origin ??= own
    }
    yield { origin, run: entries.slice(start) }
  }

  open(entry: Entry): Readable {
    const body = this.#bodyAt(entry.path)
    if (!body) throw new TypeError(`no body: ${entry.path}`)
    return openBody(body, entry)
  }

  /** Null where there is no body to read: the later paths of an inode have none, either. */
  #bodyOf(entry: Entry): TreeBody | null {
    return entry.type === 'file' ? this.#bodyAt(entry.path) : null
  }

  #bodyAt(path: ByteString): TreeBody | null {
    const index = this.#nodes.find(path)
    return index < 0 ? null : this.#nodes.body(index)
  }

  /** Asks the origin for the bodies by its own entries, and puts this layer's in their place. */
  async *#bodies(run: readonly Entry[], origin: Origin, reader?: ReaderOptions): AsyncGenerator<EntryBatch> {
    const originals = run.map((entry) => {
      const body = this.#bodyOf(entry)
      return body ? entryInOrigin(body, entry) : entry
    })
    let next = 0
    for await (const batch of origin.contents(once(originals), reader)) {
      const own = batch.map((item) => (Buffer.isBuffer(item) ? item : (run[next++] ?? item)))
      yield lend(own, () => giveBack(batch))
    }
  }
}

async function* once<T>(value: T): AsyncGenerator<T> {
  yield value
}
