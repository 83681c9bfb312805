import { createRequire } from 'node:module'
import { type Duplex, PassThrough } from 'node:stream'
import type { Peek } from 'peek-stream'
import { adopt } from '../streams/adopt.js'
import type { CompressionFormat } from './codec.js'
import type { ExpansionLimit } from './expansion.js'
import { gunzip } from './gunzip.js'
import { SNIFF_LENGTH, sniffFormat } from './sniff.js'
import { unzstd } from './unzstd.js'

const require = createRequire(import.meta.url)

/** Loaded with the first stream whose format nobody told. */
const library = (): Peek => require('peek-stream')

export interface DecompressOptions {
  /**
   * How much the stream may grow; by default 8 GiB, or what LAYERPIPE_EXPANSION_LIMIT says in bytes, or 200 times its
   * size, whichever is more.
   */
  readonly limit?: ExpansionLimit
}

/**
 * Buffers of `format` in, the bytes that it stands for out, in bounded memory. Truncated or damaged input, anything
 * after its end, and input that grows beyond the limit, fail with an InputError that names `subject`.
 */
export function decompress(format: CompressionFormat, subject: string, options: DecompressOptions = {}): Duplex {
  if (format === 'gzip') return gunzip(subject, options)
  if (format === 'zstd') return unzstd(subject, options)
  return new PassThrough()
}

/** Like `decompress`, of the format that the first bytes tell. The door to `peek-stream`. */
export function decompressAny(subject: string, options: DecompressOptions = {}): Duplex {
  return adopt(
    library()({ newline: false, maxBuffer: SNIFF_LENGTH }, (head, swap) =>
      swap(null, decompress(sniffFormat(head), subject, options))
    )
  )
}
