import { Readable } from 'node:stream'
import type { Entry, EntryBatch } from '../diff/entry.js'
import type { Origin } from './tree.js'

/** Bodies that are held in memory: here-documents. Those of all files are `bytes`. */
export function memoryOrigin(bytes: Buffer): Origin {
  return {
    contents: (entries) => attach(entries, bytes),
    open: () => Readable.from([bytes], { objectMode: false })
  }
}

async function* attach(entries: AsyncIterable<readonly Entry[]>, bytes: Buffer): AsyncGenerator<EntryBatch> {
  for await (const some of entries) yield some.flatMap((entry) => (entry.size > 0 ? [entry, bytes] : [entry]))
}
