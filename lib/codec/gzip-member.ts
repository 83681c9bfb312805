import { crc32 } from 'node:zlib'

/** The most that a stored DEFLATE block holds (RFC 1951, section 3.2.4). */
const STORED_BLOCK = 65_535

/** Bytes of a gzip header without optional fields. */
export const GZIP_HEADER_LENGTH = 10

/**
 * The header that every member starts with (RFC 1952, section 2.3): no name, no time, unknown system, and XFL as Go's
 * compress/gzip has it: 2 for the highest level, 4 for the fastest, else 0.
 */
export function gzipHeader(level: number): Buffer {
  const extraFlags = level === 9 ? 2 : level === 1 ? 4 : 0
  return Buffer.from([0x1f, 0x8b, 0x08, 0, 0, 0, 0, 0, extraFlags, 0xff])
}

/** A member that stores its bytes uncompressed: what level 0 means. */
export function storedGzipMember(bytes: Buffer): Buffer {
  const blocks: Buffer[] = []
  for (let offset = 0; offset === 0 || offset < bytes.length; offset += STORED_BLOCK) {
    const block = bytes.subarray(offset, offset + STORED_BLOCK)
    const final = offset + STORED_BLOCK >= bytes.length ? 1 : 0
    blocks.push(storedBlockHeader(block.length, final), block)
  }
  return Buffer.concat([gzipHeader(0), ...blocks, gzipTrailer(bytes)])
}

function storedBlockHeader(length: number, final: 0 | 1): Buffer {
  const header = Buffer.allocUnsafe(5)
  header.writeUInt8(final, 0)
  header.writeUInt16LE(length, 1)
  header.writeUInt16LE(~length & 0xffff, 3)
  return header
}

function gzipTrailer(bytes: Buffer): Buffer {
  const trailer = Buffer.allocUnsafe(8)
  trailer.writeUInt32LE(crc32(bytes), 0)
  trailer.writeUInt32LE(bytes.length % 2 ** 32, 4)
  return trailer
}
