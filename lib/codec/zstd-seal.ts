import type { Pieces } from './cut.js'
import { checksumOf } from './zstd-checksum.js'
import { CHECKSUM_FLAG, DESCRIPTOR_OFFSET, FRAME_START_LENGTH } from './zstd-format.js'

/** RFC 8878, section 3.1.1.1.1: the content size has four bytes. Without the flag, and without others, it has none. */
const LONG_CONTENT_SIZE_FLAG = 0x80
const CONTENT_SIZE_FLAGS = 0xe0

/** Section 3.1.1.1.2: the smallest window, whose exponent is 0. */
const SMALLEST_WINDOW_LOG = 10

/**
 * `frame`, which the library made without knowing how long its contents would be and without a checksum, with what a
 * reader likes to know: how many bytes to expect, no larger a window than they fill, and their checksum.
 */
export async function sealFrame(frame: Buffer, contents: Buffer): Promise<Pieces> {
  const end = Buffer.alloc(4)
  end.writeUInt32LE(await checksumOf(contents))
  const descriptor = frame.readUInt8(DESCRIPTOR_OFFSET)
  const sized = (descriptor & CONTENT_SIZE_FLAGS) !== 0
  const start = sized ? Buffer.from(frame.subarray(0, FRAME_START_LENGTH)) : startOf(frame, contents.length)
  start.writeUInt8((sized ? descriptor : descriptor | LONG_CONTENT_SIZE_FLAG) | CHECKSUM_FLAG, DESCRIPTOR_OFFSET)
  return [start, frame.subarray(sized ? FRAME_START_LENGTH : FRAME_START_LENGTH + 1), end]
}

/** Magic number, descriptor, window and content size. */
function startOf(frame: Buffer, length: number): Buffer {
  const start = Buffer.alloc(FRAME_START_LENGTH + 5)
  frame.copy(start, 0, 0, FRAME_START_LENGTH)
  const window = Math.max(Math.ceil(Math.log2(Math.max(length, 1))) - SMALLEST_WINDOW_LOG, 0) << 3
  start.writeUInt8(Math.min(frame.readUInt8(FRAME_START_LENGTH), window), FRAME_START_LENGTH)
  start.writeUInt32LE(length, FRAME_START_LENGTH + 1)
  return start
}
