import type { Budget } from '../graph/context.js'
import { createBlockCompressor, withinBudget } from './block-compressor.js'
import type { Codec } from './codec.js'
import { lengthOf, type Pieces } from './cut.js'
import { checkLevel } from './level.js'
import { compressFrame } from './zstd-library.js'

/** Bytes of a layer that become one frame. */
const FRAME_SIZE = 2 ** 22

/** What zstd takes level 0 for. */
const DEFAULT_LEVEL = 3

/** zstd (RFC 8878) as concatenated frames, one for each block. */
export const zstd: Codec = {
  name: 'zstd',
  format: 'zstd',
  version: 'zstd/1.5.2 frames/1',
  levels: { minimum: 0, maximum: 22, default: DEFAULT_LEVEL },
  needsOciMediaTypes: true,
  compress({ level, budget }) {
    checkLevel(zstd, level)
    return createBlockCompressor({
      blockSize: FRAME_SIZE,
      budget,
      compressBlock: (pieces) => compressZstdFrame(pieces, level, budget)
    })
  }
}

/** Compresses bytes to one zstd frame, within the budget. Nobody may write to the pieces until it is done. */
export function compressZstdFrame(pieces: Pieces, level: number, budget: Budget): Promise<Buffer> {
  return withinBudget(budget, lengthOf(pieces), () => compressFrame(joined(pieces), level || DEFAULT_LEVEL))
}

function joined(pieces: Pieces): Buffer {
  return pieces.length === 1 && pieces[0] ? pieces[0] : Buffer.concat(pieces)
}
