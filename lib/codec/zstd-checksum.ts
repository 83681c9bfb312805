import type { XXHashAPI } from 'xxhash-wasm'
import { CHECKSUM_FLAG, DESCRIPTOR_OFFSET } from './zstd-format.js'

/*
 * A frame may end with the low four bytes of the XXH64 of its contents (RFC 8878, section 3.1.1). The one library
 * can't write it, the other doesn't read it. The door to `xxhash-wasm`.
 */

const LOW_BYTES = 0xffffffffn

let loaded: Promise<XXHashAPI> | undefined

/** WebAssembly, compiled for the first frame. */
function library(): Promise<XXHashAPI> {
  loaded ??= import('xxhash-wasm').then(({ default: load }) => load())
  return loaded
}

/** `frame`, which has no checksum yet, with that of its contents. */
export async function addChecksum(frame: Buffer, contents: Buffer): Promise<Buffer> {
  const { h64Raw } = await library()
  const checksummed = Buffer.allocUnsafe(frame.length + 4)
  frame.copy(checksummed)
  checksummed.writeUInt8(frame.readUInt8(DESCRIPTOR_OFFSET) | CHECKSUM_FLAG, DESCRIPTOR_OFFSET)
  checksummed.writeUInt32LE(Number(h64Raw(contents) & LOW_BYTES), frame.length)
  return checksummed
}

/** The running checksum of a frame's contents. */
export interface FrameChecksum {
  update(contents: Buffer): void
  /** Whether the frame, whose last bytes are `end`, ends with this checksum. */
  matches(end: Buffer): boolean
}

export async function startChecksum(): Promise<FrameChecksum> {
  const { create64 } = await library()
  const running = create64()
  return {
    update: (contents) => void running.update(contents),
    matches: (end) => end.readUInt32LE(end.length - 4) === Number(running.digest() & LOW_BYTES)
  }
}
