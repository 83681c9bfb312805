import type { Readable } from 'node:stream'
import type { ReaderOptions } from '../streams/body.js'
import type { Entry, EntryBatch } from './entry.js'

/** A file-system state that can be walked in path order, any number of times. */
export interface Snapshot {
  /** All entries in walk order, headers only, some at a time. The root itself is not among them. */
  walk(): AsyncIterable<readonly Entry[]>
  /**
   * Puts bodies behind entries. `entries` come from this snapshot's `walk`, in its order, perhaps with some left out
   * and with whiteouts (which have no body) in between.
   */
  contents(entries: AsyncIterable<readonly Entry[]>, reader?: ReaderOptions): AsyncIterable<EntryBatch>
  /** The body of one file entry of this snapshot. */
  open(entry: Entry): Readable
}
