import type { MessagePort } from 'node:worker_threads'
import { createFrameCompressor, type FrameCompressor } from './libzstd.js'
import type { ZstdReply, ZstdRequest } from './zstd-message.js'

let loaded: FrameCompressor | undefined

/** Each thread has its own, from its first frame on: many make none. */
function compressor(): FrameCompressor {
  loaded ??= createFrameCompressor()
  return loaded
}

/** Makes the frames that are asked for: work for a worker thread. */
export function makeFrames(request: ZstdRequest): ZstdReply {
  const { read } = request
  return read ? makeFrame(request, read) : makeFramesInPlace(request)
}

/** Of contents that stay as they are. */
function makeFrame({ memory, lengths, level }: ZstdRequest, read: MessagePort): ZstdReply {
  const frame = compressor().compress(new Uint8Array(memory, 0, lengths[0]), level, () => {
    read.postMessage(null)
    read.close()
  })
  return { memory: frame.slice().buffer, lengths: [frame.length] }
}

/**
 * Frames take the place of their contents, which are at least as long for nearly all; what is new for every block has to
 * be zeroed and collected.
 */
function makeFramesInPlace({ memory, lengths, level }: ZstdRequest): ZstdReply {
  let room = new Uint8Array(memory)
  let read = 0
  let written = 0
  const frameLengths = lengths.map((length) => {
    const frame = compressor().compress(new Uint8Array(memory, read, length), level)
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
