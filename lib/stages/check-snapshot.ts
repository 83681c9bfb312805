import type { Entry } from '../diff/entry.js'
import { compareEntries } from '../diff/merged-walk.js'
import type { Snapshot } from '../diff/snapshot.js'
import { printable } from '../streams/bytes.js'
import { Malformed } from '../tar/malformed.js'
import { checkPath, refuseEntry } from './check-entries.js'

/**
 * A snapshot, which may be somebody else's, whose walks are looked at. They fail with InputError for a path that would
 * lead out of the root, and for one that is not behind the path before, as it is when it comes twice.
 */
export function checkedSnapshot(snapshot: Snapshot): Snapshot {
  return {
    walk: () => checkWalk(snapshot.walk()),
    contents: (entries, reader) => snapshot.contents(entries, reader),
    open: (entry) => snapshot.open(entry)
  }
}

async function* checkWalk(batches: AsyncIterable<readonly Entry[]>): AsyncGenerator<readonly Entry[]> {
  let before: Entry | null = null
  for await (const batch of batches) {
    for (const entry of batch) {
      checkEntry(entry, before)
      before = entry
    }
    yield batch
  }
}

function checkEntry(entry: Entry, before: Entry | null): void {
  try {
    checkPath(entry)
    if (before === null) return
    const order = compareEntries(before, entry)
    if (order < 0) return
    const expected = `walk order, in which it comes ${order === 0 ? 'once' : 'before'}`
    throw new Malformed({ expected, found: `it behind ${printable(before.path)}` })
  } catch (error) {
    throw refuseEntry('snapshot', entry, error)
  }
}
