import { Readable } from 'node:stream'
import type { ReaderOptions } from '../streams/body.js'
import type { Descriptor } from './descriptor.js'
import { digestOf } from './digest.js'

/** A span of a blob: from byte `start`, up to but not with byte `end`. */
export interface ByteRange {
  readonly start: number
  readonly end: number
}

/**
 * Immutable bytes with a descriptor. `open` can be called any number of times; each reader gets all bytes (or the
 * range), and fails if their digest or size turn out not to be the descriptor's.
 */
export interface Blob {
  readonly descriptor: Descriptor
  open(range?: ByteRange, reader?: ReaderOptions): Readable
  /**
   * Where a complete copy lies on this machine, for those who can copy files. Only set where it was verified, or written,
   * and nobody has touched it since: whoever copies it need not digest it again.
   */
  readonly file?: string
  /** The repository that it is in, and may be mounted from. */
  readonly origin?: { readonly host: string; readonly repository: string }
}

/** A blob held in memory: configs, manifests and other small documents. */
export function memoryBlob(bytes: Buffer, fields: Omit<Descriptor, 'digest' | 'size'>): Blob {
  const { mediaType, ...rest } = fields
  return {
    descriptor: { mediaType, digest: digestOf(bytes), size: bytes.length, ...rest },
    open: ({ start, end } = { start: 0, end: bytes.length }) =>
      Readable.from(end > start ? [bytes.subarray(start, end)] : [], { objectMode: false })
  }
}
