import type { CompressionFormat } from './codec.js'

/** How many bytes `sniffFormat` needs to tell every format: the length of the longest magic number. */
export const SNIFF_LENGTH = 4

const GZIP_MAGIC = 0x1f8b08 // RFC 1952, section 2.3.1: ID1, ID2, and CM 8, the only method there is
const ZSTD_MAGIC = 0xfd2fb528 // RFC 8878, section 3.1.1
const ZSTD_SKIPPABLE_MAGIC = 0x184d2a50 // RFC 8878, section 3.1.2: the low four bits are free

/** The format of a stream that starts with `head`. What no magic number matches is taken as uncompressed. */
export function sniffFormat(head: Buffer): CompressionFormat {
  if (head.length >= 3 && head.readUIntBE(0, 3) === GZIP_MAGIC) return 'gzip'
  if (head.length >= 4 && isZstdMagic(head.readUInt32LE(0))) return 'zstd'
  return 'uncompressed'
}

/** Whether a frame's first four bytes, read little-endian, are those of a zstd or a skippable frame. */
export function isZstdMagic(magic: number): boolean {
  return magic === ZSTD_MAGIC || isSkippableMagic(magic)
}

export function isSkippableMagic(magic: number): boolean {
  return (magic & 0xfffffff0) >>> 0 === ZSTD_SKIPPABLE_MAGIC
}
