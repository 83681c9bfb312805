import type { Entry } from '../diff/entry.js'
import { END_OF_TAR, encodedSize } from '../tar/encode.js'
import { newestOf } from '../tar/newest.js'
import type { TarOutline } from '../tar/outline.js'
import type { TarPart } from '../tar/pack.js'
import { type BlockSizes, createRuler, type Ruler } from './ruler.js'
import { createSegmentKey, type SegmentKey } from './segment-key.js'

/** A segment of a layer whose bytes nobody has read yet. */
export interface PlannedSegment {
  /** As of `SegmentKey`. */
  readonly key: string | null
  /** As the outline has them. */
  readonly entries: readonly Entry[]
  readonly part: TarPart
  /** Bytes of the layer. */
  readonly length: number
  /** As of a TarSummary. */
  readonly newest: number | null
}

/** Where the segments of a layer lie: exactly those that `cutBlocks` finds in its bytes. */
export async function* planSegments(outline: TarOutline, sizes: BlockSizes): AsyncGenerator<PlannedSegment> {
  const ruler = createRuler(sizes)
  let plan = new Plan(0)
  for await (const batch of outline.entries()) {
    for (const entry of batch) {
      const packed = outline.packed(entry)
      const length = encodedSize(packed)
      ruler.announce(packed.path, length)
      if (ruler.length === 0 && plan.length > 0) {
        yield plan.finish(false)
        plan = new Plan(plan.end)
      }
      plan.add(entry, packed, length)
      measure(ruler, length)
    }
  }
  yield plan.finish(true)
}

function measure(ruler: Ruler, length: number): void {
  for (let rest = length; rest > 0; ) {
    const bytes = Math.min(rest, ruler.room)
    ruler.count(bytes)
    rest -= bytes
  }
}

class Plan {
  readonly #start: number
  readonly #entries: Entry[] = []
  readonly #key: SegmentKey = createSegmentKey()
  #newest: number | null = null
  length = 0

  constructor(start: number) {
    this.#start = start
  }

  get end(): number {
    return this.#start + this.length
  }

  add(entry: Entry, packed: Entry, length: number): void {
    this.#entries.push(entry)
    this.#key.add(packed)
    this.#newest = newestOf([packed], this.#newest)
    this.length += length
  }

  finish(last: boolean): PlannedSegment {
    return {
      key: this.#key.finish(last),
      entries: this.#entries,
      part: { start: this.#start, last },
      length: this.length + (last ? END_OF_TAR.length : 0),
      newest: this.#newest
    }
  }
}
