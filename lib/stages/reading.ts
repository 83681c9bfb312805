import { setTimeout as wait, setImmediate as yieldToOthers } from 'node:timers/promises'
import type { Blob } from '../blob/blob.js'
import { countBlob } from '../blob/count-blob.js'
import type { Entry, EntryBatch } from '../diff/entry.js'
import type { Context } from '../graph/context.js'
import { foresight } from './foresight.js'

/** Tells a run's progress how much of the layers has been read, and of how much, where that can be known. */
export interface Reading {
  /** One more layer, of so many bytes; null is not known yet. */
  expect(size: number | null): ReadingPart
  /** Says that there are no more layers. */
  complete(): void
}

/** The reading of one layer. */
export interface ReadingPart {
  /** The same batches, their bodies counted. `walk` gives the headers alone, to be added up where a run has foresight. */
  entries(batches: AsyncIterable<EntryBatch>, walk: Walk | null): AsyncIterable<EntryBatch>
  /** The same blob, its bytes counted. */
  blob(blob: Blob): Blob
  /** Says that nobody reads it. */
  discard(): void
}

type Walk = () => AsyncIterable<readonly Entry[]>

export function createReading(context: Context): Reading {
  const sizes = new Map<ReadingPart, number | null>()
  let complete = false
  const total = (): number | undefined => {
    const known = [...sizes.values()].filter((size) => size !== null)
    return complete && known.length === sizes.size ? known.reduce((sum, size) => sum + size, 0) : undefined
  }
  const moved = (bytes: number): void => context.progress(bytes, total())
  return {
    expect(size) {
      const part: ReadingPart = {
        async *entries(batches, walk) {
          let read = 0
          const over = new AbortController()
          if (walk && context.resource(foresight)) {
            const signal = AbortSignal.any([over.signal, context.signal])
            sizeAhead(walk, signal).then((ahead) => sizes.set(part, ahead), ignore)
          }
          try {
            for await (const batch of batches) {
              const bytes = bodiesOf(batch)
              read += bytes
              if (bytes > 0) moved(bytes)
              yield batch
            }
            sizes.set(part, read)
            moved(0)
          } finally {
            over.abort()
          }
        },
        blob: (blob) => countBlob(blob, moved),
        discard: () => void sizes.delete(part)
      }
      sizes.set(part, size)
      return part
    },
    complete: () => void (complete = true)
  }
}

/** Bytes of what a batch has of bodies. */
function bodiesOf(batch: EntryBatch): number {
  let bytes = 0
  for (const item of batch) if (Buffer.isBuffer(item)) bytes += item.length
  return bytes
}

/** Bytes of all bodies. Looks at some paths at a time, and at none where the reading is soon over. */
async function sizeAhead(walk: Walk, signal: AbortSignal): Promise<number> {
  await wait(WORTH_KNOWING, undefined, { signal, ref: false })
  let size = 0
  for await (const entries of walk()) {
    size = entries.reduce((sum, entry) => sum + entry.size, size)
    await yieldToOthers(undefined, { signal })
  }
  return size
}

/** Progress is poorer without a total, and that is all. What can't be read is told by who reads it. */
function ignore(): void {}

/** Milliseconds of reading after which somebody asks how long it will take. */
const WORTH_KNOWING = 1000
