import type { Store } from '../../lib/blob/store.js'
import { createBlockCache } from '../../lib/blob/stored-blocks.js'
import { type BlockCache, blockCache } from '../../lib/codec/block-cache.js'
import type { CodecName } from '../../lib/codec/index.js'
import { createBudget } from '../../lib/graph/context.js'
import { type Node, run, type Stage, stage } from '../../lib/graph/index.js'
import { pipe } from '../../lib/graph/pipe.js'
import { directory } from '../../lib/source/directory.js'
import { compress } from '../../lib/stages/compress.js'
import { diff } from '../../lib/stages/diff.js'
import { hash } from '../../lib/stages/hash.js'
import type { Changeset, ImageEnd, LayerBlob } from '../../lib/stages/items.js'
import { pack } from '../../lib/stages/pack.js'
import { generate } from '../../lib/streams/generate.js'

/** A layer that came out, and how. */
export interface Made {
  readonly digest: string
  readonly diffID: string
  readonly newest: number | null
  /** Blocks that were found, and those that had to be compressed. */
  readonly found: number
  readonly compressed: number
}

export interface Settings {
  readonly codec?: CodecName
  /** The fastest by default. */
  readonly level?: number | null
  readonly threads?: number
  /** What stands before `pack`. */
  readonly changes?: (tree: Node<Changeset | ImageEnd>) => Node<Changeset | ImageEnd>
}

/** A directory's layer, with the store's blocks or without any. */
export function makeLayer(tree: string, store: Store | null, settings: Settings = {}): Promise<Made> {
  return makeWith(tree, store && createBlockCache(store), settings)
}

export async function makeWith(tree: string, cache: BlockCache | null, settings: Settings = {}): Promise<Made> {
  const { codec = 'gzip', level = 1, threads = 2, changes = (node) => node } = settings
  const counts = { found: 0, compressed: 0 }
  const provide = [blockCache.provide(cache && counting(cache, counts))]
  const compressed = compress({ compression: codec, level, force: false })
  const entries = changes(pipe(directory({ path: tree, target: '' }), diff()))
  const layer = pipe(entries, pack(), compressed, hash(), onlyLayer(null))
  const [made] = await run([layer], { provide, budget: createBudget(threads) })
  if (!made) throw new Error('no layer')
  return { digest: made.blob.descriptor.digest, diffID: made.diffID, newest: made.newest, ...counts }
}

/** Counts what the layer consists of, in the end. */
function counting(cache: BlockCache, counts: { found: number; compressed: number }): BlockCache {
  return {
    ...cache,
    remember(blob, composition) {
      const blocks = composition.segments.flatMap((segment) => segment.blocks)
      counts.found = blocks.filter((block) => 'place' in block).length
      counts.compressed = blocks.length - counts.found
      return cache.remember(blob, composition)
    }
  }
}

const onlyLayer: (parameters: null) => Stage<LayerBlob | ImageEnd, LayerBlob> = stage('layer', () =>
  generate<LayerBlob | ImageEnd, LayerBlob>(async function* (items) {
    for await (const item of items) if (item.kind === 'layer-blob') yield item
  })
)
