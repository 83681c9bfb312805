import type { Entry, EntryBatch } from '../diff/entry.js'
import { giveBack } from '../streams/loan.js'
import { END_OF_TAR, encodeEntry } from './encode.js'
import { paddingOf } from './header.js'

/**
 * The bytes that `packEntries` makes of entries, which are given back, for those who look at them once: each piece lies in `target`, until the
 * next is asked for. `packed` gives an entry as the tar has it; `last` says whether the tar ends with these.
 */
export async function* tarBytes(
  batches: AsyncIterable<EntryBatch>,
  packed: (entry: Entry) => Entry,
  last: boolean,
  target: Buffer
): AsyncGenerator<Buffer> {
  let used = 0
  const copy = function* (bytes: Buffer): Generator<Buffer> {
    for (let at = 0; at < bytes.length; ) {
      const copied = bytes.copy(target, used, at)
      at += copied
      used += copied
      if (used < target.length) return
      yield target
      used = 0
    }
  }
  let missing = 0
  let padding = 0
  for await (const batch of batches) {
    for (const item of batch) {
      if (!Buffer.isBuffer(item)) {
        missing = item.size
        padding = paddingOf(item.size)
        yield* copy(encodeEntry(packed(item)))
        continue
      }
      yield* copy(item)
      missing -= item.length
      if (missing === 0) yield* copy(END_OF_TAR.subarray(0, padding))
    }
    giveBack(batch)
  }
  if (last) yield* copy(END_OF_TAR)
  if (used > 0) yield target.subarray(0, used)
}
