import { createBlockCompressor } from './block-compressor.js'
import type { Codec } from './codec.js'
import { deflate } from './deflate.js'
import { checkLevel } from './level.js'

/** Bytes of a layer that become one gzip member: at half of it, level 6 is over 1 % larger than that of gzip. */
const BLOCK_SIZE = 2 ** 20

/** gzip (RFC 1952) as concatenated members, one for each block, which every reader of layers takes. */
export const gzip: Codec = {
  name: 'gzip',
  format: 'gzip',
  version: 'libdeflate/0.1.0 members/1',
  levels: { minimum: 0, maximum: 9, default: 6 },
  needsOciMediaTypes: false,
  compress({ level, budget }) {
    checkLevel(gzip, level)
    return createBlockCompressor({ blockSize: BLOCK_SIZE, budget, compressBlock: (pieces) => deflate(pieces, level) })
  }
}
