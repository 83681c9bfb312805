import type { ReaderOptions } from '../streams/body.js'
import { lend } from '../streams/loan.js'
import { spareBlocks } from '../streams/spare-blocks.js'
import type { Entry, EntryBatch } from './entry.js'

/** A batch ends after this many items even where bodies are few. */
const BATCH_ITEMS = 2048

/** A batch that is being filled, with the memory that its bodies lie in. */
export interface FillingBatch {
  hasRoom(bytes: number): boolean
  add(entry: Entry): void
  /** `read` fills the start of what it is given, which is longer than the body. */
  addBody(size: number, read: (target: Buffer) => void): void
  /** Gives the batch, lent where its reader gives it back, and begins the next. */
  end(): EntryBatch
}

export function createFillingBatch({ givesBack = false }: ReaderOptions): FillingBatch {
  let items: (Entry | Buffer)[] = []
  let memory = spareBlocks.take()
  let used = 0
  return {
    hasRoom: (bytes) => items.length < BATCH_ITEMS && used + bytes <= spareBlocks.size,
    add: (entry) => void items.push(entry),
    addBody(size, read) {
      read(memory.subarray(used))
      items.push(memory.subarray(used, (used += size)))
    },
    end() {
      const [batch, filled] = [items, memory]
      items = []
      if (used === 0) return batch
      memory = spareBlocks.take()
      used = 0
      return givesBack ? lend(batch, () => spareBlocks.give(filled)) : batch
    }
  }
}
