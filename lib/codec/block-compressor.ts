import { finishDigest, startDigest } from '../blob/digest.js'
import type { Budget } from '../graph/context.js'
import { generate } from '../streams/generate.js'
import { inOrder } from '../streams/in-order.js'
import { giveBack } from '../streams/loan.js'
import type { TarBlock } from '../tar/block.js'
import type { BlockCache } from './block-cache.js'
import type { Compressor } from './codec.js'
import { type Cut, cutBlocks, type KnownBlock, lengthOf, type Pieces } from './cut.js'
import type { KnownSegment } from './known-segment.js'
import { type Recalled, type Recollection, recallBlock } from './recall-blocks.js'
import type { BlockSizes } from './ruler.js'
import { createSegmentList } from './segment-list.js'
import { widthOf, withinBudget } from './within-budget.js'

export interface BlockCompression {
  /** How long the blocks are that are compressed on their own. */
  readonly sizes: BlockSizes
  readonly budget: Budget
  /**
   * Compresses one block; called within the budget. The results are written one after another. It may call `onRead` once
   * it does not look at the pieces any more.
   */
  readonly compressBlock: (pieces: Pieces, onRead: () => void) => Promise<Pieces>
  /** Decompresses what that made of so many bytes; called within the budget. */
  readonly expandBlock: (bytes: Buffer, length: number) => Promise<Buffer>
  /** Where blocks are looked up before they are compressed; null is nowhere. */
  readonly cache: BlockCache | null
  /** All that decides what a block is compressed to. */
  readonly setting: string
  /** What the layer is of; null where that has no name. */
  readonly name: string | null
  /** Whether known segments come in place of bytes. */
  readonly outlined: boolean
}

/**
 * Compresses a layer in blocks, several at a time. What comes out depends on the layer's bytes and entries, the sizes
 * and `compressBlock` alone: not on how the layer came in, nor on how many blocks are worked on at once, nor on what
 * the cache has. Of a layer with known segments it tells the diffID, since it alone sees all bytes.
 */
export function createBlockCompressor(options: BlockCompression): Compressor {
  const { sizes, budget, cache, setting, name, outlined } = options
  const closed = new AbortController()
  const within = <T>(size: number, work: () => Promise<T>): Promise<T> =>
    withinBudget(budget, size, work, closed.signal)
  const recollection: Recollection = {
    cache,
    setting,
    sizes,
    compress: (pieces, onRead) => within(lengthOf(pieces), () => options.compressBlock(pieces, onRead)),
    expand: (bytes, length) => within(length, () => options.expandBlock(bytes, length))
  }
  const segments = cache || outlined ? createSegmentList() : null // otherwise nobody asks for them
  const running = startDigest()
  const recall = async (work: Cut | KnownBlock): Promise<Recalled> => {
    const release = (): void => {
      if (!outlined) giveBack(work)
    }
    const recalled = await recallBlock(work, recollection, release)
    release()
    return outlined ? recalled : { ...recalled, contents: [] }
  }
  const stream = generate<TarBlock | KnownSegment, Buffer>(async function* (layer) {
    const blocks = inOrder(cutBlocks(layer, sizes), widthOf(budget, sizes.slow ? 0 : 1), recall)
    for await (const { work, bytes, contents, block } of blocks) {
      for (const piece of contents) running.update(piece)
      segments?.add(work, block)
      if (outlined) giveBack(work)
      yield* bytes
    }
  })
  stream.once('close', () => closed.abort())
  return {
    stream,
    finish() {
      const found = segments?.finish()
      return {
        annotations: {},
        ...(found && outlined && { diffID: finishDigest(running), newest: found.newest }),
        ...(found && cache && { composition: { setting, name, segments: found.segments } })
      }
    }
  }
}
