import { readFileSync } from 'node:fs'

/** Compresses whole buffers. */
export interface Deflater {
  /** `contents` as DEFLATE (RFC 1951), at libdeflate's level 1 to 12; the next call writes over it. */
  deflate(contents: Uint8Array, level: number): Uint8Array
}

/**
 * The door to libdeflate: a WebAssembly module that imports nothing, so that its output depends on nothing but its
 * version; libdeflate/README.md says how it is made. It is synchronous, and belongs in a thread of its own.
 */
export function createDeflater(): Deflater {
  const library = load()
  const compressors = new Map<number, number>()
  let room: Room | null = null
  return {
    deflate(contents, level) {
      const compressor = compressors.get(level) ?? allocated(library.libdeflate_alloc_compressor(level))
      compressors.set(level, compressor)
      if (!room || contents.length > room.capacity) room = makeRoom(library, contents.length, compressor)
      const { input, output, outputLength } = room
      new Uint8Array(library.memory.buffer, input).set(contents)
      const length = library.libdeflate_deflate_compress(compressor, input, contents.length, output, outputLength)
      return new Uint8Array(library.memory.buffer, output, length)
    }
  }
}

const MODULE = new URL('../../../lib/codec/libdeflate/libdeflate.wasm', import.meta.url)

/** What the module exports. Addresses are offsets into its memory, whose buffer is another one after it has grown. */
interface Library {
  readonly memory: { readonly buffer: ArrayBuffer }
  malloc(length: number): number
  libdeflate_alloc_compressor(level: number): number
  libdeflate_deflate_compress_bound(compressor: number, length: number): number
  libdeflate_deflate_compress(compressor: number, from: number, length: number, to: number, room: number): number
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

/** The longest block of a layer as a rule. Room is made anew, at least twice as large, for what is longer. */
const FIRST_CAPACITY = 2 ** 21

function makeRoom(library: Library, length: number, compressor: number): Room {
  const capacity = Math.max(FIRST_CAPACITY, 2 ** Math.ceil(Math.log2(length)))
  const outputLength = library.libdeflate_deflate_compress_bound(compressor, capacity)
  const input = allocated(library.malloc(capacity))
  return { capacity, input, output: allocated(library.malloc(outputLength)), outputLength }
}

function allocated(address: number): number {
  if (address === 0) throw new RangeError('libdeflate has no memory left')
  return address
}
