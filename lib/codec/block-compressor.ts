import { Readable } from 'node:stream'
import type { Budget } from '../graph/context.js'
import { chain } from '../streams/body.js'
import { generate } from '../streams/generate.js'
import { giveBack } from '../streams/loan.js'
import { parallel } from '../streams/parallel.js'
import type { TarBlock } from '../tar/block.js'
import type { BlockCache, CompressedBlock } from './block-cache.js'
import type { Compressor } from './codec.js'
import { type BlockSizes, cutBlocks, lengthOf, type Pieces } from './cut.js'
import { type Recalled, recallBlock } from './recall-blocks.js'
import { withinBudget } from './within-budget.js'

export interface BlockCompression {
  /** How long the blocks are that are compressed on their own. */
  readonly sizes: BlockSizes
  readonly budget: Budget
  /** Compresses one block; called within the budget. The results are written one after another. */
  readonly compressBlock: (pieces: Pieces) => Promise<Buffer>
  /** Where blocks are looked up before they are compressed; null is nowhere. */
  readonly cache: BlockCache | null
  /** All that decides what a block is compressed to. */
  readonly setting: string
}

/**
 * Compresses a layer in blocks, several at a time. What comes out depends on the layer's bytes and entries, the sizes
 * and `compressBlock` alone: not on how the layer came in, nor on how many blocks are worked on at once, nor on what
 * the cache has.
 */
export function createBlockCompressor(options: BlockCompression): Compressor {
  const { sizes, budget, compressBlock, cache, setting } = options
  const closed = new AbortController()
  const recollection = cache && { cache, setting }
  const compress = (pieces: Pieces): Promise<Buffer> =>
    withinBudget(budget, lengthOf(pieces), () => compressBlock(pieces), closed.signal)
  const recall = async (pieces: Pieces): Promise<Recalled> => {
    const recalled = await recallBlock(pieces, recollection, compress)
    giveBack(pieces)
    return recalled
  }
  const blocks: CompressedBlock[] = []
  // One more than can run, so that the next is at hand when one is done.
  const width = budget.threads.capacity + 1
  const stream = generate<TarBlock, Buffer>(async function* (tar) {
    const cuts = Readable.from(cutBlocks(tar, sizes), { highWaterMark: 1 })
    for await (const { bytes, block } of chain(cuts, [parallel(width, recall)]) as AsyncIterable<Recalled>) {
      if (block) blocks.push(block)
      yield bytes
    }
  })
  stream.once('close', () => closed.abort())
  return { stream, finish: () => ({ annotations: {}, ...(cache && { composition: { setting, blocks } }) }) }
}
