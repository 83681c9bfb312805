import { Readable } from 'node:stream'
import type { Budget } from '../graph/context.js'
import { chain } from '../streams/body.js'
import { generate } from '../streams/generate.js'
import { parallel } from '../streams/parallel.js'
import type { TarBlock } from '../tar/block.js'
import type { Compressor } from './codec.js'
import { cutBlocks, lengthOf, type Pieces } from './cut.js'
import { withinBudget } from './within-budget.js'

export interface BlockCompression {
  /** Bytes of the layer that are compressed on their own. */
  readonly blockSize: number
  readonly budget: Budget
  /** Compresses one block; called within the budget. The results are written one after another. */
  readonly compressBlock: (pieces: Pieces) => Promise<Buffer>
}

/**
 * Compresses a layer in blocks of a fixed size, several at a time. What comes out depends on the layer's bytes, the
 * block size and `compressBlock` alone: not on how the layer came in, nor on how many blocks are worked on at once.
 */
export function createBlockCompressor({ blockSize, budget, compressBlock }: BlockCompression): Compressor {
  const closed = new AbortController()
  const compress = (pieces: Pieces): Promise<Buffer> =>
    withinBudget(budget, lengthOf(pieces), () => compressBlock(pieces), closed.signal)
  // One more than can run, so that the next is at hand when one is done.
  const width = budget.threads.capacity + 1
  const stream = generate<TarBlock, Buffer>((blocks) =>
    chain(Readable.from(cutBlocks(blocks, blockSize), { highWaterMark: 1 }), [parallel(width, compress)])
  )
  stream.once('close', () => closed.abort())
  return { stream, finish: () => ({ annotations: {} }) }
}
