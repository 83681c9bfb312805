import type { FrameDecompressor } from './libunzstd.js'
import type { FrameHeader } from './zstd-format.js'

/** Decompresses frames, one after another, as their parts come, holding little more than their window. */
export type FrameStreamer = (header: FrameHeader, parts: AsyncIterable<Buffer>) => AsyncIterable<Buffer>

export function createFrameStreamer(): FrameStreamer {
  let decompressor: FrameDecompressor | null = null
  return async function* ({ windowSize }, parts) {
    if (!decompressor || windowSize > decompressor.largestWindow) {
      const { createFrameDecompressor } = await import('./libunzstd.js') // few runs need it
      decompressor = createFrameDecompressor(Math.max(windowSize, USUAL_WINDOW))
    }
    for await (const part of parts) yield* decompressor.push(part)
    decompressor.finish()
  }
}

/** What every decoder should have memory for, in bytes (RFC 8878, section 3.1.1.1.2): what is not touched costs nothing. */
const USUAL_WINDOW = 2 ** 23
