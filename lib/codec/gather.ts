import type { Pieces } from './cut.js'

/**
 * Copies all pieces to the start of `target`, which can be given to a thread: what comes in is shared with
 * others, and can't be given away.
 */
export function gather<T extends ArrayBufferLike>(pieces: Pieces, target: T): T {
  const bytes = new Uint8Array(target)
  let offset = 0
  for (const piece of pieces) {
    bytes.set(piece, offset)
    offset += piece.length
  }
  return target
}
