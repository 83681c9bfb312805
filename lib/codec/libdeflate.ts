import { makeRoom, type Room, startModule } from './wasm-module.js'

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
  const library = startModule<Library>(MODULE)
  const compressors = new Map<number, number>()
  let room: Room | null = null
  return {
    deflate(contents, level) {
      const compressor = compressors.get(level) ?? allocated(library.libdeflate_alloc_compressor(level))
      compressors.set(level, compressor)
      if (!room || contents.length > room.capacity) {
        room = makeRoom(contents.length, {
          smallest: FIRST_CAPACITY,
          allocate: (bytes) => allocated(library.malloc(bytes)),
          boundOf: (bytes) => library.libdeflate_deflate_compress_bound(compressor, bytes)
        })
      }
      const { input, output, outputLength } = room
      new Uint8Array(library.memory.buffer, input).set(contents)
      const length = library.libdeflate_deflate_compress(compressor, input, contents.length, output, outputLength)
      return new Uint8Array(library.memory.buffer, output, length)
    }
  }
}

const MODULE = new URL('../../../lib/codec/libdeflate/libdeflate.wasm', import.meta.url)

/** What the module exports. */
interface Library {
  readonly memory: { readonly buffer: ArrayBuffer }
  malloc(length: number): number
  libdeflate_alloc_compressor(level: number): number
  libdeflate_deflate_compress_bound(compressor: number, length: number): number
  libdeflate_deflate_compress(compressor: number, from: number, length: number, to: number, room: number): number
}

/** The longest block of a layer as a rule. Room is made anew, at least twice as large, for what is longer. */
const FIRST_CAPACITY = 2 ** 21

function allocated(address: number): number {
  if (address === 0) throw new RangeError('libdeflate has no memory left')
  return address
}
