import { createHash, type Hash } from 'node:crypto'
import type { Entry } from './entry.js'
import type { Snapshot } from './snapshot.js'

/** A digest of the body of each entry, which come from the snapshot's walk, in its order. */
export async function digestContents(snapshot: Snapshot, entries: readonly Entry[]): Promise<readonly string[]> {
  if (entries.length === 0) return []
  const running: Hash[] = []
  for await (const batch of snapshot.contents(inOneBatch(entries))) {
    for (const item of batch) {
      if (Buffer.isBuffer(item)) running.at(-1)?.update(item)
      else running.push(createHash('sha256'))
    }
  }
  return running.map((digest) => digest.digest('base64'))
}

async function* inOneBatch(entries: readonly Entry[]): AsyncGenerator<readonly Entry[]> {
  yield entries
}
