import type { Entry } from '../diff/entry.js'
import { giveBack, lend } from '../streams/loan.js'
import { type SpareBlocks, sharedBlocksOf, spareBlocksOf } from '../streams/spare-blocks.js'
import type { TarBlock, TarMark } from '../tar/block.js'
import { paddingOf } from '../tar/header.js'
import type { KnownSegment } from './known-segment.js'
import { type BlockSizes, createRuler, longestBlock, type Ruler } from './ruler.js'

/** Consecutive bytes of a layer, in as many pieces as they came in. */
export type Pieces = readonly Buffer[]

/** What becomes one block. */
export interface Cut {
  readonly pieces: Pieces
  /** Those whose headers begin in it. */
  readonly entries: readonly Entry[]
  /** Whether it begins with an entry: all that was cut until then does not matter for what follows. */
  readonly aligned: boolean
}

/** A block that needs no cutting, because an earlier run has compressed it. */
export interface KnownBlock {
  readonly segment: KnownSegment
  readonly index: number
}

/**
 * Cuts the bytes of a layer, where entries begin and by their paths, so that an entry that changes only changes the
 * blocks that it lies in, and those after it are cut as before. Where to cut depends on the layer's bytes and entries
 * alone, whatever blocks they came in, and whether its segments are known. An empty layer is one empty cut, so that
 * something that decompresses to nothing goes out.
 *
 * @param layer its blocks are given back; what is cut is lent, one piece each
 */
export async function* cutBlocks(
  layer: AsyncIterable<TarBlock | KnownSegment>,
  sizes: BlockSizes
): AsyncGenerator<Cut | KnownBlock> {
  const cutter = new Cutter(sizes)
  let offset = 0
  for await (const item of layer) {
    if ('marks' in item) {
      yield* cutter.take(item, offset)
      offset += item.bytes.length
      giveBack(item)
    } else {
      if (cutter.length > 0) yield cutter.end()
      yield* item.blocks.map((_, index) => ({ segment: item, index }))
      offset += item.length
    }
  }
  if (cutter.length > 0 || offset === 0) yield cutter.end()
}

export function lengthOf(pieces: Pieces): number {
  return pieces.reduce((total, { length }) => total + length, 0)
}

/** The block that is being filled: copied together, because what compresses it takes memory in one piece. */
class Cutter {
  length = 0
  readonly #sizes: BlockSizes
  readonly #spares: SpareBlocks
  #ruler: Ruler
  #memory: Buffer | null = null
  #entries: Entry[] = []
  #aligned = false

  constructor(sizes: BlockSizes) {
    this.#sizes = sizes
    this.#spares = (sizes.slow ? sharedBlocksOf : spareBlocksOf)(longestBlock(sizes))
    this.#ruler = createRuler(sizes)
  }

  /** The cuts that a block completes, which lies at `offset` in the layer. */
  *take({ bytes, marks }: TarBlock, offset: number): Generator<Cut> {
    let taken = 0
    for (const mark of marks) {
      yield* this.#fill(bytes, taken, mark.header - offset)
      taken = mark.header - offset
      if (this.#ruler.announce(mark.entry.path, lengthOfEntry(mark))) yield this.#finish()
      if (this.length === 0) this.#aligned = true
      this.#entries.push(mark.entry)
    }
    yield* this.#fill(bytes, taken, bytes.length)
  }

  /** Ends the block and begins the next. */
  end(): Cut {
    this.#ruler = createRuler(this.#sizes)
    return this.#finish()
  }

  #finish(): Cut {
    const memory = this.#memory ?? this.#spares.take()
    const pieces = [memory.subarray(0, this.length)]
    const cut = { pieces, entries: this.#entries, aligned: this.#aligned }
    this.#memory = null
    this.length = 0
    this.#entries = []
    this.#aligned = false
    return lend(cut, () => this.#spares.give(memory))
  }

  *#fill(bytes: Buffer, start: number, end: number): Generator<Cut> {
    for (let taken = start; taken < end; ) {
      this.#memory ??= this.#spares.take()
      const copied = bytes.copy(this.#memory, this.length, taken, Math.min(end, taken + this.#ruler.room))
      this.length += copied
      taken += copied
      if (this.#ruler.count(copied)) yield this.#finish()
    }
  }
}

/** Up to the next entry, padding included. */
function lengthOfEntry({ entry, header, body }: TarMark): number {
  return body - header + entry.size + paddingOf(entry.size)
}
