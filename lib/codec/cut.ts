import { crc32 } from 'node:zlib'
import { giveBack, lend } from '../streams/loan.js'
import { type SpareBlocks, spareBlocksOf } from '../streams/spare-blocks.js'
import type { TarBlock, TarMark } from '../tar/block.js'

/** Consecutive bytes of a layer, in as many pieces as they came in. */
export type Pieces = readonly Buffer[]

/** How long the blocks are that a layer is cut into, in bytes. */
export interface BlockSizes {
  /** About the average. An entry that is as long begins a block, and is cut at this distance from its start. */
  readonly size: number
  /** No block is longer. */
  readonly maximum: number
}

/**
 * Cuts the bytes of a layer, where entries begin and by their paths, so that an entry that changes only changes the
 * blocks that it lies in, and those after it are cut as before. Where to cut depends on the layer's bytes and entries
 * alone, whatever blocks they came in. An empty layer is one empty cut, so that something that decompresses to
 * nothing goes out.
 *
 * @param blocks are given back; what comes out is lent, one piece each
 */
export async function* cutBlocks(blocks: AsyncIterable<TarBlock>, sizes: BlockSizes): AsyncGenerator<Pieces> {
  const cutter = new Cutter(sizes)
  let cuts = 0
  let offset = 0
  for await (const block of blocks) {
    for (const cut of cutter.take(block, offset)) {
      yield cut
      cuts++
    }
    offset += block.bytes.length
    giveBack(block)
  }
  if (cutter.length > 0 || cuts === 0) yield cutter.end()
}

export function lengthOf(pieces: Pieces): number {
  return pieces.reduce((total, { length }) => total + length, 0)
}

/** The block that is being filled: copied together, because what compresses it takes memory in one piece. */
class Cutter {
  length = 0
  readonly #sizes: BlockSizes
  readonly #spares: SpareBlocks
  #memory: Buffer | null = null
  #limit: number

  constructor(sizes: BlockSizes) {
    this.#sizes = sizes
    this.#spares = spareBlocksOf(sizes.maximum)
    this.#limit = sizes.size
  }

  /** The cuts that a block completes, which lies at `offset` in the layer. */
  *take({ bytes, marks }: TarBlock, offset: number): Generator<Pieces> {
    let taken = 0
    for (const mark of marks) {
      yield* this.#fill(bytes, taken, mark.header - offset)
      taken = mark.header - offset
      const length = lengthOfEntry(mark)
      if (this.length > 0 && this.#endsBefore(mark, length)) yield this.end()
      // Entries share a block up to the maximum; what is long by itself does not.
      if (length < this.#sizes.size) this.#limit = this.#sizes.maximum
    }
    yield* this.#fill(bytes, taken, bytes.length)
  }

  /** Ends the block and begins the next. */
  end(): Pieces {
    const memory = this.#memory ?? this.#spares.take()
    const pieces = [memory.subarray(0, this.length)]
    this.#memory = null
    this.length = 0
    this.#limit = this.#sizes.size
    return lend(pieces, () => this.#spares.give(memory))
  }

  *#fill(bytes: Buffer, start: number, end: number): Generator<Pieces> {
    for (let taken = start; taken < end; ) {
      this.#memory ??= this.#spares.take()
      const copied = bytes.copy(this.#memory, this.length, taken, Math.min(end, taken + this.#limit - this.length))
      this.length += copied
      taken += copied
      if (this.length === this.#limit) yield this.end()
    }
  }

  #endsBefore({ entry }: TarMark, length: number): boolean {
    const { size, maximum } = this.#sizes
    if (length >= size || this.length + length > maximum) return true
    return this.length >= size / 2 && isChosen(entry.path, length / (size / 2))
  }
}

/** Up to the next entry, padding included. */
function lengthOfEntry({ entry, header, body }: TarMark): number {
  return body - header + Math.ceil(entry.size / 512) * 512
}

/** Whether a path is among a fraction of all paths: the same ones every time. */
function isChosen(path: string, fraction: number): boolean {
  return crc32(path) < fraction * 2 ** 32
}
