import type { TarBlock } from '../tar/block.js'

/** Consecutive bytes of a layer, in as many pieces as they came in. Cutting copies nothing. */
export type Pieces = readonly Buffer[]

/**
 * Cuts the bytes of a layer every `size` bytes, whatever blocks they came in; only the last cut is shorter. An
 * empty layer is one empty cut, so that something that decompresses to nothing goes out.
 */
export async function* cutBlocks(blocks: AsyncIterable<TarBlock>, size: number): AsyncGenerator<Pieces> {
  let pieces: Buffer[] = []
  let room = size
  let cuts = 0
  for await (const { bytes } of blocks) {
    for (let offset = 0; offset < bytes.length; ) {
      const piece = bytes.subarray(offset, offset + room)
      offset += piece.length
      room -= piece.length
      pieces.push(piece)
      if (room > 0) break
      yield pieces
      cuts++
      pieces = []
      room = size
    }
  }
  if (pieces.length > 0 || cuts === 0) yield pieces
}

export function lengthOf(pieces: Pieces): number {
  return pieces.reduce((total, { length }) => total + length, 0)
}
