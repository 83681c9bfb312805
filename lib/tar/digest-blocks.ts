import { Transform, type TransformCallback } from 'node:stream'
import { type Digest, finishDigest, startDigest } from '../blob/digest.js'
import { errorOf } from '../errors.js'
import type { TarBlock } from './block.js'
import { newestOf } from './newest.js'

/** What is known of a tar when its last block has passed. */
export interface TarSummary {
  readonly diffID: Digest
  /** Bytes of the uncompressed tar. */
  readonly size: number
  /** The newest mtime of its entries, in seconds, whiteouts aside; null where it has none. */
  readonly newest: number | null
}

/**
 * Passes TarBlocks on, and tells their diffID once all have passed; what `onEnd` throws is the stream's error.
 * `onBytes` gets the length of each block.
 */
export function digestBlocks(
  onEnd: (summary: TarSummary) => void,
  onBytes: (bytes: number) => void = () => {}
): Transform {
  const running = startDigest()
  let size = 0
  let newest: number | null = null
  return new Transform({
    objectMode: true,
    highWaterMark: 1,
    transform(block: TarBlock, _encoding: BufferEncoding, done: TransformCallback) {
      running.update(block.bytes)
      size += block.bytes.length
      onBytes(block.bytes.length)
      newest = newestOf(
        block.marks.map(({ entry }) => entry),
        newest
      )
      done(null, block)
    },
    flush(done: TransformCallback) {
      try {
        onEnd({ diffID: finishDigest(running), size, newest })
        done()
      } catch (error) {
        done(errorOf(error))
      }
    }
  })
}
