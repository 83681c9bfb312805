import type { XXHashAPI } from 'xxhash-wasm'

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

/** The four bytes that end a frame of these contents. */
export async function checksumOf(contents: Buffer): Promise<number> {
  const running = await startChecksum()
  for (let at = 0; at < contents.length; at += PIECE) running.update(contents.subarray(at, at + PIECE))
  return running.finish()
}

/** Copied into the library's memory at a time: all of a frame would take a third longer, and as much memory. Bytes. */
const PIECE = 2 ** 18

/** The running checksum of a frame's contents. */
export interface FrameChecksum {
  update(contents: Buffer): void
  /** The four bytes that end the frame. */
  finish(): number
  /** Whether the frame, whose last bytes are `end`, ends with this checksum. */
  matches(end: Buffer): boolean
}

export async function startChecksum(): Promise<FrameChecksum> {
  const { create64 } = await library()
  const running = create64()
  const finish = (): number => Number(running.digest() & LOW_BYTES)
  return {
    update: (contents) => void running.update(contents),
    finish,
    matches: (end) => end.readUInt32LE(end.length - 4) === finish()
  }
}
