import { createBlockCompressor } from './block-compressor.js'
import type { Codec } from './codec.js'
import { compressGzipMember } from './deflate.js'
import { checkLevel } from './level.js'

/** Bytes of a layer that become one gzip member. */
const BLOCK_SIZE = 2 ** 19

/** gzip (RFC 1952) as concatenated members, one for each block, which every reader of layers takes. */
export const gzip: Codec = {
  name: 'gzip',
  format: 'gzip',
  version: 'libdeflate/0.1.0 members/1',
  levels: { minimum: 0, maximum: 9, default: 6 },
  needsOciMediaTypes: false,
  compress({ level, budget }) {
    checkLevel(gzip, level)
    return createBlockCompressor({
      blockSize: BLOCK_SIZE,
      budget,
      compressBlock: (pieces) => compressGzipMember(pieces, level, budget)
    })
  }
}
