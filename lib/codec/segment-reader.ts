import type { Hash } from 'node:crypto'
import { crc32 } from 'node:zlib'
import type { KnownBlock } from './cut.js'
import type { KnownSegment } from './known-segment.js'

/** Reads the bytes of known segments, which come one after another, block by block. */
export interface SegmentReader {
  /**
   * Digests the next block: gives `running` with its bytes. Null where they are not those that were compressed: the
   * file system did not tell, or told too late.
   */
  digest(block: KnownBlock, running: Hash): Promise<Hash | null>
  /** Passes over the next block. */
  skip(block: KnownBlock): Promise<void>
}

export function createSegmentReader(): SegmentReader {
  let current: KnownSegment | null = null
  let pieces: AsyncIterator<Buffer> | null = null
  let rest: Buffer = Buffer.alloc(0)
  const take = async ({ segment }: KnownBlock, length: number, use: (piece: Buffer) => void): Promise<boolean> => {
    if (segment !== current) {
      current = segment
      pieces = segment.bytes()[Symbol.asyncIterator]()
      rest = Buffer.alloc(0)
    }
    for (let missing = length; missing > 0; ) {
      if (rest.length === 0) {
        const next = await pieces?.next()
        if (!next || next.done) return false
        rest = next.value
      }
      const piece = rest.subarray(0, missing)
      use(piece)
      rest = rest.subarray(piece.length)
      missing -= piece.length
    }
    return true
  }
  return {
    async digest(block, running) {
      const known = block.segment.blocks[block.index]
      const digested = running.copy()
      let checksum = 0
      const whole = await take(block, known?.length ?? 0, (piece) => {
        digested.update(piece)
        checksum = crc32(piece, checksum)
      })
      return whole && checksum === known?.checksum ? digested : null
    },
    async skip(block) {
      await take(block, block.segment.blocks[block.index]?.length ?? 0, () => {})
    }
  }
}
