import { createFrameCompressor } from './libzstd.js'
import type { ZstdReply, ZstdRequest } from './zstd-message.js'

const compressor = createFrameCompressor()

/**
 * Makes the frames that are asked for: work for a worker thread. They take the place of their contents, which are at
 * least as long for nearly all; what is new for every block has to be zeroed and collected.
 */
export function makeFrames({ memory, lengths, level }: ZstdRequest): ZstdReply {
  let room = new Uint8Array(memory)
  let read = 0
  let written = 0
  const frameLengths = lengths.map((length) => {
    const frame = compressor.compress(new Uint8Array(memory, read, length), level)
    read += length
    if (room.buffer === memory && written + frame.length > read) room = moved(room, written, lengths)
    room.set(frame, written)
    written += frame.length
    return frame.length
  })
  return { memory: room.buffer, lengths: frameLengths }
}

/** What zstd adds at the most to contents that it can't compress: 1/256, and some bytes for every frame. */
function moved(
  room: Uint8Array<SharedArrayBuffer>,
  written: number,
  lengths: readonly number[]
): Uint8Array<SharedArrayBuffer> {
  const total = lengths.reduce((sum, length) => sum + length + (length >> 8) + FRAME_OVERHEAD, 0)
  const larger = new Uint8Array(new SharedArrayBuffer(total))
  larger.set(room.subarray(0, written))
  return larger
}

/** Header, block headers and checksum, and what zstd's bound has for short contents. */
const FRAME_OVERHEAD = 128
