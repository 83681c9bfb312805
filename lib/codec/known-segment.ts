import type { TarBlock } from '../tar/block.js'
import type { TarOutline } from '../tar/outline.js'
import type { StoredBlock } from './block-cache.js'
import { planSegments } from './plan-segments.js'
import type { BlockSizes } from './ruler.js'

/** Stands in a layer for the bytes of a segment that an earlier run compressed. */
export interface KnownSegment {
  readonly key: string
  readonly blocks: readonly StoredBlock[]
  /** Bytes of the layer. */
  readonly length: number
  /** As of a TarSummary. */
  readonly newest: number | null
  /** Makes the bytes anew, as if the layer began with them. */
  pack(): AsyncIterable<TarBlock>
}

/** A layer of which only that is read and packed which is not among the segments of an earlier one. */
export async function* recallSegments(
  outline: TarOutline,
  earlier: ReadonlyMap<string, readonly StoredBlock[]>,
  sizes: BlockSizes
): AsyncGenerator<TarBlock | KnownSegment> {
  for await (const { key, entries, length, newest, part } of planSegments(outline, sizes)) {
    const blocks = (key !== null && earlier.get(key)) || []
    const pack = () => outline.pack(entries, { ...part, start: 0 })
    if (key !== null && contentsOf(blocks) === length) yield { key, blocks, length, newest, pack }
    else yield* outline.pack(entries, part)
  }
}

function contentsOf(blocks: readonly StoredBlock[]): number {
  return blocks.reduce((total, { length }) => total + length, 0)
}
