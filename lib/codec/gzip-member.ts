import { crc32 } from 'node:zlib'

const HEADER_LENGTH = 10
const TRAILER_LENGTH = 8

/** The most that a stored DEFLATE block holds (RFC 1951, section 3.2.4). */
const STORED_BLOCK = 65_535

/**
 * A gzip member (RFC 1952, section 2.3) in memory of its own: no name, no time, unknown system, and XFL as
 * Go's compress/gzip has it, 2 for the highest level, 4 for the fastest, else 0.
 *
 * @param deflated What `contents` compresses to, in pieces (RFC 1951).
 */
export function gzipMember(level: number, contents: Uint8Array, deflated: readonly Uint8Array[]): Uint8Array {
  const length = deflated.reduce((total, piece) => total + piece.length, 0)
  const member = new Uint8Array(HEADER_LENGTH + length + TRAILER_LENGTH)
  const extraFlags = level === 9 ? 2 : level === 1 ? 4 : 0
  member.set([0x1f, 0x8b, 0x08, 0, 0, 0, 0, 0, extraFlags, 0xff])
  let offset = HEADER_LENGTH
  for (const piece of deflated) {
    member.set(piece, offset)
    offset += piece.length
  }
  const trailer = new DataView(member.buffer, offset, TRAILER_LENGTH)
  trailer.setUint32(0, crc32(contents), true)
  trailer.setUint32(4, contents.length % 2 ** 32, true)
  return member
}

/** DEFLATE blocks that hold `contents` as they are: what level 0 means. */
export function storedBlocks(contents: Uint8Array): readonly Uint8Array[] {
  const blocks: Uint8Array[] = []
  for (let offset = 0; offset === 0 || offset < contents.length; offset += STORED_BLOCK) {
    const block = contents.subarray(offset, offset + STORED_BLOCK)
    blocks.push(storedBlockHeader(block.length, offset + STORED_BLOCK >= contents.length), block)
  }
  return blocks
}

function storedBlockHeader(length: number, last: boolean): Uint8Array {
  const header = new DataView(new ArrayBuffer(5))
  header.setUint8(0, last ? 1 : 0)
  header.setUint16(1, length, true)
  header.setUint16(3, ~length & 0xffff, true)
  return new Uint8Array(header.buffer)
}
