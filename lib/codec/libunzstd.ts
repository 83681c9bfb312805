import { startModule } from './wasm-module.js'

/** Decompresses zstd frames, one after another, as their bytes come. */
export interface FrameDecompressor {
  /** The largest window that a frame may have, in bytes. */
  readonly largestWindow: number
  /** What the next bytes decompress to. All of it has to be taken before more is pushed. Throws where they are damaged. */
  push(bytes: Buffer): Iterable<Buffer>
  /** Throws unless the last frame is whole. */
  finish(): void
}

/**
 * The door to zstd's decompressor: a WebAssembly module that imports nothing; libzstd/README.md says how it is made. Faster
 * than Node's own for streams, which some versions of Node don't have. It checks checksums and content sizes.
 */
export function createFrameDecompressor(largestWindow: number): FrameDecompressor {
  const library = startModule<Library>(MODULE)
  const allocate = (length: number): number => library.reserve(length) >>> 0 // WebAssembly's integers are signed
  const input = allocate(PIECE)
  const output = allocate(PIECE)
  const size = library.context_size(largestWindow)
  const context = library.make_context(allocate(size), size)
  if (context === 0) throw new RangeError(`zstd has no memory for a window of ${largestWindow} bytes`)
  const decompress = (): Buffer => {
    const written = library.decompress(context, output, PIECE)
    if (written < 0) throw new Error(textAt(library, library.error_name(-written)))
    return Buffer.from(new Uint8Array(library.memory.buffer, output, written))
  }
  return {
    largestWindow,
    *push(bytes) {
      for (let at = 0; at < bytes.length; at += PIECE) {
        const piece = bytes.subarray(at, at + PIECE)
        new Uint8Array(library.memory.buffer, input).set(piece)
        library.give(input, piece.length)
        let made: Buffer
        do {
          made = decompress()
          if (made.length > 0) yield made
        } while (made.length === PIECE && library.has_ended() === 0)
      }
    },
    finish() {
      if (library.has_ended() === 0) throw new Error('the frame has no end')
    }
  }
}

const MODULE = new URL('../../../lib/codec/libzstd/libunzstd.wasm', import.meta.url)

/** Bytes that go in and come out at a time. */
const PIECE = 2 ** 18

/** What the module exports. */
interface Library {
  readonly memory: { readonly buffer: ArrayBuffer }
  reserve(length: number): number
  context_size(window: number): number
  make_context(address: number, size: number): number
  give(from: number, length: number): void
  decompress(context: number, to: number, room: number): number
  has_ended(): number
  error_name(number: number): number
}

/** Text that ends with a zero. */
function textAt({ memory }: Library, address: number): string {
  const bytes = Buffer.from(memory.buffer, address)
  return bytes.toString('latin1', 0, bytes.indexOf(0))
}
