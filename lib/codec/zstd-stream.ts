import { type Duplex, Readable } from 'node:stream'
import * as zlib from 'node:zlib'
import { chain } from '../streams/body.js'
import { startChecksum } from './zstd-checksum.js'
import type { FrameHeader } from './zstd-format.js'

/** Bytes of output at a time from Node's own decoder. */
const OUTPUT_CHUNK = 2 ** 18

/** Decompresses one frame as its parts come, holding little more than its window. */
export function streamFrame(header: FrameHeader, parts: AsyncIterable<Buffer>): AsyncIterable<Buffer> {
  return nativeDecoder ? chain(Readable.from(parts, { highWaterMark: 1 }), [nativeDecoder()]) : decode(header, parts)
}

/** Node's own decoder, ten times as fast: there from 22.15 on, and in 20 not at all. */
const nativeDecoder: (() => Duplex) | null = findNativeDecoder(zlib)

function findNativeDecoder(from: object): (() => Duplex) | null {
  if (!hasZstd(from)) return null
  return () => from.createZstdDecompress({ chunkSize: OUTPUT_CHUNK })
}

interface ZlibWithZstd {
  createZstdDecompress(options: { readonly chunkSize: number }): Duplex
}

function hasZstd(from: object): from is ZlibWithZstd {
  return 'createZstdDecompress' in from
}

/**
 * The door to `fzstd`, which takes a frame's checksum for read and does not look at it. It holds on to every piece that
 * ends with a block until the frame ends: so each piece ends a byte before, but for the last.
 */
async function* decode(header: FrameHeader, parts: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const checksum = header.hasChecksum ? await startChecksum() : null
  let output: Buffer[] = []
  let last: Buffer = Buffer.alloc(0)
  let held: Buffer = last
  const { Decompress } = await import('fzstd')
  const engine = new Decompress((bytes) => output.push(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)))
  const push = (piece: Buffer): readonly Buffer[] => {
    output = []
    engine.push(piece)
    for (const bytes of output) checksum?.update(bytes)
    return output
  }
  for await (const part of parts) {
    yield* push(Buffer.concat([held, part.subarray(0, -1)]))
    held = part.subarray(-1)
    last = part
  }
  yield* push(held)
  if (checksum && !checksum.matches(last)) throw new Error('the checksum is not that of the contents')
}
