import type { XXHashAPI } from 'xxhash-wasm'

/*
 * A frame may end with the low four bytes of the XXH64 of its contents (RFC 8878, section 3.1.1). The native library
 * can't write it. The door to `xxhash-wasm`.
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
  const { create64 } = await library()
  const running = create64()
  for (let at = 0; at < contents.length; at += PIECE) running.update(contents.subarray(at, at + PIECE))
  return Number(running.digest() & LOW_BYTES)
}

/** Copied into the library's memory at a time: all of a frame would take a third longer, and as much memory. Bytes. */
const PIECE = 2 ** 18
