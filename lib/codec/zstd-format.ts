/** What a zstd frame says of itself before its blocks (RFC 8878, section 3.1.1.1). */
export interface FrameHeader {
  /** Bytes, the magic number included. */
  readonly length: number
  /** The most that a decoder has to remember, in bytes. */
  readonly windowSize: number
  /** Of the decompressed frame; null where it is not said. */
  readonly contentSize: number | null
  readonly hasDictionary: boolean
  readonly hasChecksum: boolean
}

/** Bytes from a frame's start to its header's own length: magic number and descriptor. */
export const FRAME_START_LENGTH = 5

/** Where the frame header descriptor stands, whose bits tell what else there is. */
export const DESCRIPTOR_OFFSET = 4

/** The descriptor's bit that says that a checksum ends the frame. */
export const CHECKSUM_FLAG = 0x04

/** RFC 8878, section 3.1.1.2.4: no block decompresses to more. */
export const LARGEST_BLOCK = 2 ** 17

/** Bytes of the header whose first FRAME_START_LENGTH bytes are `start`. */
export function frameHeaderLength(start: Buffer): number {
  const { singleSegment, dictionaryLength, contentSizeLength } = descriptorOf(start)
  return FRAME_START_LENGTH + (singleSegment ? 0 : 1) + dictionaryLength + contentSizeLength
}

export function parseFrameHeader(bytes: Buffer): FrameHeader {
  const { singleSegment, dictionaryLength, contentSizeLength, hasChecksum } = descriptorOf(bytes)
  const length = frameHeaderLength(bytes)
  const contentSize = readContentSize(bytes.subarray(length - contentSizeLength, length))
  const windowSize = singleSegment ? (contentSize ?? 0) : windowSizeOf(bytes.readUInt8(FRAME_START_LENGTH))
  const dictionary = bytes.subarray(length - contentSizeLength - dictionaryLength, length - contentSizeLength)
  return { length, windowSize, contentSize, hasDictionary: dictionary.some((byte) => byte > 0), hasChecksum }
}

function descriptorOf(bytes: Buffer) {
  const descriptor = bytes.readUInt8(DESCRIPTOR_OFFSET)
  const singleSegment = (descriptor & 0x20) !== 0
  const contentSizeFlag = descriptor >> 6
  return {
    singleSegment,
    hasChecksum: (descriptor & CHECKSUM_FLAG) !== 0,
    dictionaryLength: [0, 1, 2, 4][descriptor & 3] ?? 0,
    contentSizeLength: contentSizeFlag === 0 ? (singleSegment ? 1 : 0) : 2 ** contentSizeFlag
  }
}

function windowSizeOf(descriptor: number): number {
  const base = 2 ** (10 + (descriptor >> 3))
  return base + (base / 8) * (descriptor & 7)
}

/** Section 3.1.1.1.4; the two-byte form counts from 256. */
function readContentSize(bytes: Buffer): number | null {
  if (bytes.length === 0) return null
  if (bytes.length === 8) return Number(bytes.readBigUInt64LE(0))
  return bytes.readUIntLE(0, bytes.length) + (bytes.length === 2 ? 256 : 0)
}

export type BlockType = 'raw' | 'repeated' | 'compressed' | 'reserved'

/** What stands before each block (section 3.1.1.2). */
export interface BlockHeader {
  readonly last: boolean
  readonly type: BlockType
  /** Bytes that follow in the frame. */
  readonly length: number
  /** The most bytes that the block decompresses to. */
  readonly expandsTo: number
}

export const BLOCK_HEADER_LENGTH = 3

const BLOCK_TYPES: readonly BlockType[] = ['raw', 'repeated', 'compressed', 'reserved']

export function parseBlockHeader(bytes: Buffer): BlockHeader {
  const header = bytes.readUIntLE(0, BLOCK_HEADER_LENGTH)
  const type = BLOCK_TYPES[(header >> 1) & 3] ?? 'reserved'
  const size = header >> 3
  return {
    last: (header & 1) === 1,
    type,
    length: type === 'repeated' ? 1 : size,
    expandsTo: type === 'compressed' ? LARGEST_BLOCK : size
  }
}
