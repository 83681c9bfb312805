import { readFileSync } from 'node:fs'

/** Compresses whole buffers. */
export interface FrameCompressor {
  /** `contents` as one zstd frame, with its length and its checksum, at zstd's level 1 to 22; the next call writes over it. */
  compress(contents: Uint8Array, level: number): Uint8Array
}

/**
 * The door to zstd's compressor: a WebAssembly module that imports nothing, so that its output depends on nothing but
 * its version; libzstd/README.md says how it is made. It is synchronous, and belongs in a thread of its own. What
 * comes out does not depend on what was compressed before.
 */
export function createFrameCompressor(): FrameCompressor {
  const library = load()
  let context: Context | null = null
  let room: Room | null = null
  return {
    compress(contents, level) {
      const { length } = contents
      if (!room || length > room.capacity) room = makeRoom(library, length)
      const needed = library.context_size(level, Math.max(length, FIRST_CAPACITY))
      if (!context || needed > context.size) context = makeContext(library, needed)
      new Uint8Array(library.memory.buffer, room.input).set(contents)
      const written = library.compress(context.address, level, room.input, length, room.output, room.outputLength)
      if (written === 0) throw new RangeError('zstd has no room for a frame')
      return new Uint8Array(library.memory.buffer, room.output, written)
    }
  }
}

const MODULE = new URL('../../../lib/codec/libzstd/libzstd.wasm', import.meta.url)

/** What the module exports. Addresses are offsets into its memory, whose buffer is another one after it has grown. */
interface Library {
  readonly memory: { readonly buffer: ArrayBuffer }
  reserve(length: number): number
  context_size(level: number, length: number): number
  make_context(address: number, size: number): number
  compress_bound(length: number): number
  compress(context: number, level: number, from: number, length: number, to: number, room: number): number
}

/** As much of it as is used: Node's types leave it out. */
declare const WebAssembly: {
  readonly Module: new (bytes: Uint8Array) => object
  readonly Instance: new (module: object) => { readonly exports: unknown }
}

function load(): Library {
  return new WebAssembly.Instance(new WebAssembly.Module(readFileSync(MODULE))).exports as Library
}

/** Where the module's input and output lie in its memory. */
interface Room {
  /** Bytes of input that there is room for. */
  readonly capacity: number
  readonly input: number
  readonly output: number
  /** Enough for any input of `capacity`. */
  readonly outputLength: number
}

/**
 * The longest block of a layer as a rule: memory that is not touched costs nothing. Room is made anew, at least twice as
 * large, for what is longer, and a context for a level that needs more.
 */
const FIRST_CAPACITY = 2 ** 23

function makeRoom(library: Library, length: number): Room {
  const capacity = Math.max(FIRST_CAPACITY, 2 ** Math.ceil(Math.log2(length)))
  const outputLength = library.compress_bound(capacity)
  const input = allocate(library, capacity)
  return { capacity, input, output: allocate(library, outputLength), outputLength }
}

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
