import { UsageError } from '../errors.js'
import type { Codec } from './codec.js'
import { estargz } from './estargz.js'
import { gzip } from './gzip.js'
import { uncompressed } from './uncompressed.js'
import { zstd } from './zstd.js'
import { zstdChunked } from './zstd-chunked.js'

export type * from './codec.js'

/** All codecs, in the order in which they are offered. */
export const codecs: readonly Codec[] = [uncompressed, gzip, estargz, zstd, zstdChunked]

/** The codec of that name. Throws a UsageError that lists the names. */
export function codecByName(name: string): Codec {
  const codec = codecs.find((each) => each.name === name)
  if (codec) return codec
  throw new UsageError({
    operation: 'choose compression',
    subject: name,
    expected: `one of ${codecs.map((each) => each.name).join(', ')}`
  })
}
