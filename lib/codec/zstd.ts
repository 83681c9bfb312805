import { createBlockCompressor } from './block-compressor.js'
import { type Codec, settingOf } from './codec.js'
import { checkLevel } from './level.js'
import type { BlockSizes } from './ruler.js'
import { compressZstdFrame, HIGH_LEVEL } from './zstd-frames.js'
import { decompressFrame } from './zstd-library.js'

/** The longest frames. With a long file in shorter ones, level 3 is over 2 % larger than one frame for all. */
const LONGEST = 12 * 2 ** 20

/** What becomes one frame. */
const FRAMES: BlockSizes = { size: 2 ** 22, maximum: 2 ** 23, step: LONGEST }

/** Where levels are high, each frame costs more bytes. The size is above the maximum, so that few are much shorter. */
const HIGH_FRAMES: BlockSizes = { size: 2 ** 24, maximum: LONGEST, step: LONGEST, slow: true }

/** What zstd takes level 0 for. */
const DEFAULT_LEVEL = 3

/** zstd (RFC 8878) as concatenated frames, one for each block. */
export const zstd: Codec = {
  name: 'zstd',
  format: 'zstd',
  version: 'zstd/1.5.2+1.5.4 frames/6',
  levels: { minimum: 0, maximum: 22, default: DEFAULT_LEVEL },
  needsOciMediaTypes: false,
  blockSizes: sizesOf,
  compress({ level, budget, lends = false, cache = null, name = null, outlined = false }) {
    checkLevel(zstd, level)
    const settings = { level: libraryLevel(level), lends }
    return createBlockCompressor({
      sizes: sizesOf(level),
      budget,
      compressBlock: (pieces, onRead) => compressZstdFrame(pieces, settings, onRead),
      expandBlock: decompressFrame,
      cache,
      setting: settingOf(zstd, level),
      name,
      outlined
    })
  }
}

function sizesOf(level: number): BlockSizes {
  return level < HIGH_LEVEL ? FRAMES : HIGH_FRAMES
}

/** The level as the library counts, from 1. */
export function libraryLevel(level: number): number {
  return level || DEFAULT_LEVEL
}
