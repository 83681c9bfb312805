import { Decompress } from 'fzstd'
import type { FrameHeader } from './zstd-format.js'

/** Decompresses one frame as it comes, holding no more than its window. The door to `fzstd`. */
export async function* streamFrame(_header: FrameHeader, parts: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let output: Buffer[] = []
  const engine = new Decompress((bytes) => output.push(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)))
  for await (const part of parts) {
    engine.push(part)
    yield* output
    output = []
  }
}
