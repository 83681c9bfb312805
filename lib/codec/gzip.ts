import { createBlockCompressor } from './block-compressor.js'
import { type Codec, settingOf } from './codec.js'
import { deflate } from './deflate.js'
import { inflate } from './inflate.js'
import { checkLevel } from './level.js'
import type { BlockSizes } from './ruler.js'

/** What becomes one gzip member: at half of it, level 6 is over 1 % larger than that of gzip. */
const SIZES: BlockSizes = { size: 2 ** 20, maximum: 2 ** 21 }

/** gzip (RFC 1952) as concatenated members, one for each block, which every reader of layers takes. */
export const gzip: Codec = {
  name: 'gzip',
  format: 'gzip',
  version: 'libdeflate/1.23-adaptive members/2',
  levels: { minimum: 0, maximum: 9, default: 6 },
  needsOciMediaTypes: false,
  blockSizes: () => SIZES,
  compress({ level, budget, cache = null, name = null, outlined = false }) {
    checkLevel(gzip, level)
    return createBlockCompressor({
      sizes: SIZES,
      budget,
      compressBlock: async (pieces) => [await deflate(pieces, level, outlined ? 'little' : 'much')],
      expandBlock: inflate,
      cache,
      setting: settingOf(gzip, level),
      name,
      outlined
    })
  }
}
