import { comparePaths, type Entry, type EntryBatch } from '../diff/entry.js'
import { printable } from '../streams/bytes.js'
import { Malformed } from '../tar/malformed.js'
import { checkPath, refuseEntry } from './check-entries.js'

/**
 * Passes on what a snapshot gives, which may be somebody else's. Fails with InputError for a path that would lead out
 * of the root, and for one that is not behind the path before, as it is when it comes twice.
 */
export async function* checkSnapshot(batches: AsyncIterable<EntryBatch>): AsyncGenerator<EntryBatch> {
  let before: Entry | null = null
  for await (const batch of batches) {
    for (const item of batch) {
      if (Buffer.isBuffer(item)) continue
      checkEntry(item, before)
      before = item
    }
    yield batch
  }
}

function checkEntry(entry: Entry, before: Entry | null): void {
  try {
    checkPath(entry)
    if (before !== null && !follows(entry, before)) {
      const expected = `walk order, in which it comes ${entry.path === before.path ? 'once' : 'before'}`
      throw new Malformed({ expected, found: `it behind ${printable(before.path)}` })
    }
  } catch (error) {
    throw refuseEntry('snapshot', entry, error)
  }
}

/** What is deleted may come anew, and a directory whose contents are deleted has the path of that. */
function follows(entry: Entry, before: Entry): boolean {
  const order = comparePaths(before.path, entry.path)
  return order < 0 || (order === 0 && deletes(entry) !== deletes(before))
}

function deletes({ type }: Entry): boolean {
  return type === 'whiteout' || type === 'opaque'
}
