import type { Blob } from '../blob/blob.js'
import type { Added } from '../blob/blob-directory.js'
import { countBlob } from '../blob/count-blob.js'
import type { Context } from '../graph/context.js'
import type { ImageBlob } from './items.js'

/** What blobs are added to. */
export interface BlobTarget {
  add(blob: Blob, signal: AbortSignal): Promise<Added>
}

/** Counts what adding blobs came to, for the receipt, and tells the run's progress. */
export interface Tally {
  /** Adds the blobs of the items as they pass. */
  addEach(items: AsyncIterable<ImageBlob>, target: BlobTarget): AsyncIterable<ImageBlob>
  /** Bytes that were written. */
  readonly bytes: number
  /** What did not have to be done, and what was repaired, in words. */
  readonly skipped: readonly string[]
}

export function createTally(context: Context): Tally {
  const counts = { written: 0, present: 0, healed: 0 }
  let bytes = 0
  return {
    async *addEach(items, target) {
      for await (const item of items) {
        const { size } = item.blob.descriptor
        let passed = 0
        const count = (more: number): void => {
          passed += more
          context.progress(more)
        }
        const added = await target.add(countBlob(item.blob, count), context.signal)
        counts[added] += 1
        if (added !== 'present') bytes += size
        context.progress(size - passed)
        yield item
      }
    },
    get bytes() {
      return bytes
    },
    get skipped() {
      return [
        ...(counts.present > 0 ? [`${blobs(counts.present)} that ${verb(counts.present)} there already`] : []),
        ...(counts.healed > 0
          ? [`${blobs(counts.healed)} that ${verb(counts.healed)} damaged and ${verb(counts.healed)} healed`]
          : [])
      ]
    }
  }
}

function blobs(count: number): string {
  return count === 1 ? '1 blob' : `${count} blobs`
}

function verb(count: number): string {
  return count === 1 ? 'was' : 'were'
}
