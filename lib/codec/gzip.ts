import { createBlockCompressor } from './block-compressor.js'
import { type Codec, settingOf } from './codec.js'
import type { BlockSizes, Pieces } from './cut.js'
import { deflate } from './deflate.js'
import { checkLevel } from './level.js'

/** What becomes one gzip member: at half of it, level 6 is over 1 % larger than that of gzip. */
const SIZES: BlockSizes = { size: 2 ** 20, maximum: 2 ** 21 }

/** gzip (RFC 1952) as concatenated members, one for each block, which every reader of layers takes. */
export const gzip: Codec = {
  name: 'gzip',
  format: 'gzip',
  version: 'libdeflate/1.23 members/2',
  levels: { minimum: 0, maximum: 9, default: 6 },
  needsOciMediaTypes: false,
  givesBack: true,
  compress({ level, budget, cache = null }) {
    checkLevel(gzip, level)
    const compressBlock = (pieces: Pieces): Promise<Buffer> => deflate(pieces, level)
    return createBlockCompressor({ sizes: SIZES, budget, compressBlock, cache, setting: settingOf(gzip, level) })
  }
}
