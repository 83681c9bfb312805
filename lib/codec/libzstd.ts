import { makeRoom, type Room, startModule } from './wasm-module.js'

/** Compresses whole buffers. */
export interface FrameCompressor {
  /**
   * `contents` as one zstd frame, with its length and its checksum, at zstd's level 1 to 22; the next call writes over it.
   * Calls `onRead` once it does not look at them any more, before it compresses.
   */
  compress(contents: Uint8Array, level: number, onRead?: () => void): Uint8Array
}

/**
 * The door to zstd's compressor: a WebAssembly module that imports nothing, so that its output depends on nothing but
 * its version; libzstd/README.md says how it is made. It is synchronous, and belongs in a thread of its own. What
 * comes out does not depend on what was compressed before.
 */
export function createFrameCompressor(): FrameCompressor {
  const library = startModule<Library>(MODULE)
  let context: Context | null = null
  const rooms = {
    smallest: FIRST_CAPACITY,
    allocate: (bytes: number) => allocate(library, bytes),
    boundOf: library.compress_bound
  }
  let room: Room | null = null
  return {
    compress(contents, level, onRead = () => {}) {
      const { length } = contents
      if (!room || length > room.capacity) room = makeRoom(length, rooms)
      const needed = library.context_size(level, Math.max(length, FIRST_CAPACITY))
      if (!context || needed > context.size) context = makeContext(library, needed)
      new Uint8Array(library.memory.buffer, room.input).set(contents)
      onRead()
      const written = library.compress(context.address, level, room.input, length, room.output, room.outputLength)
      if (written === 0) throw new RangeError('zstd has no room for a frame')
      return new Uint8Array(library.memory.buffer, room.output, written)
    }
  }
}

const MODULE = new URL('../../../lib/codec/libzstd/libzstd.wasm', import.meta.url)

/** What the module exports. */
interface Library {
  readonly memory: { readonly buffer: ArrayBuffer }
  reserve(length: number): number
  context_size(level: number, length: number): number
  make_context(address: number, size: number): number
  compress_bound(length: number): number
  compress(context: number, level: number, from: number, length: number, to: number, room: number): number
}

/**
 * Enough for every block of a layer: memory that is not touched costs nothing. Room is made anew, at least twice as
 * large, for what is longer, and a context for a level that needs more.
 */
const FIRST_CAPACITY = 2 ** 24

interface Context {
  readonly address: number
  /** Bytes. */
  readonly size: number
}

function makeContext(library: Library, size: number): Context {
  const address = library.make_context(allocate(library, size), size)
  if (address === 0) throw new RangeError('zstd can make no context')
  return { address: address >>> 0, size }
}

/** WebAssembly's integers are signed. */
function allocate(library: Library, length: number): number {
  const address = library.reserve(length)
  if (address === 0) throw new RangeError('zstd has no memory left')
  return address >>> 0
}
