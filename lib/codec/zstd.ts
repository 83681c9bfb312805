import type { Budget } from '../graph/context.js'
import { createBlockCompressor } from './block-compressor.js'
import { type Codec, settingOf } from './codec.js'
import { type CompressedMembers, joinMembers } from './compressed-members.js'
import { type BlockSizes, lengthOf, type Pieces } from './cut.js'
import { checkLevel } from './level.js'
import { withinBudget } from './within-budget.js'
import { addChecksum } from './zstd-checksum.js'
import { compressFrame } from './zstd-library.js'

/** What becomes one frame: with half of it, level 3 is over 2 % larger than one frame for all. */
const FRAMES: BlockSizes = { size: 2 ** 22, maximum: 2 ** 23 }

/** From here on the library's windows are larger than those, and larger frames are worth their memory. */
const LARGE_FRAME_LEVEL = 10
const LARGE_FRAMES: BlockSizes = { size: 2 ** 23, maximum: 2 ** 23 }

/** What zstd takes level 0 for. */
const DEFAULT_LEVEL = 3

/** zstd (RFC 8878) as concatenated frames, one for each block. */
export const zstd: Codec = {
  name: 'zstd',
  format: 'zstd',
  version: 'zstd/1.5.2 frames/2',
  levels: { minimum: 0, maximum: 22, default: DEFAULT_LEVEL },
  needsOciMediaTypes: false,
  compress({ level, budget, cache = null }) {
    checkLevel(zstd, level)
    return createBlockCompressor({
      sizes: level < LARGE_FRAME_LEVEL ? FRAMES : LARGE_FRAMES,
      budget,
      compressBlock: (pieces) => compressPieces(pieces, level),
      cache,
      setting: settingOf(zstd, level)
    })
  }
}

/** Compresses bytes to one zstd frame, within the budget. Nobody may write to the pieces until it is done. */
export function compressZstdFrame(pieces: Pieces, level: number, budget: Budget): Promise<Buffer> {
  return withinBudget(budget, lengthOf(pieces), () => compressPieces(pieces, level))
}

/** A frame of each, several at a time: as many as the library's threads take. */
export async function compressZstdFrames(members: readonly Pieces[], level: number): Promise<CompressedMembers> {
  return joinMembers(await Promise.all(members.map((pieces) => compressPieces(pieces, level))))
}

async function compressPieces(pieces: Pieces, level: number): Promise<Buffer> {
  const [first] = pieces
  const contents = pieces.length === 1 && first ? first : Buffer.concat(pieces)
  return addChecksum(await compressFrame(contents, level || DEFAULT_LEVEL), contents)
}
