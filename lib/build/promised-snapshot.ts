import type { Readable } from 'node:stream'
import type { Entry, EntryBatch } from '../diff/entry.js'
import type { Snapshot } from '../diff/snapshot.js'
import type { ReaderOptions } from '../streams/body.js'

/** A snapshot that is only made when somebody looks into it, once. */
export function createPromisedSnapshot(make: () => Promise<Snapshot>): Snapshot {
  return new PromisedSnapshot(make)
}

class PromisedSnapshot implements Snapshot {
  readonly #make: () => Promise<Snapshot>
  #made: Promise<Snapshot> | null = null
  #snapshot: Snapshot | null = null

  constructor(make: () => Promise<Snapshot>) {
    this.#make = make
  }

  async *walk(): AsyncGenerator<readonly Entry[]> {
    yield* (await this.#get()).walk()
  }

  async *contents(entries: AsyncIterable<readonly Entry[]>, reader?: ReaderOptions): AsyncGenerator<EntryBatch> {
    yield* (await this.#get()).contents(entries, reader)
  }

  open(entry: Entry): Readable {
    if (this.#snapshot === null) throw new TypeError(`a body before its entry: ${entry.path}`)
    return this.#snapshot.open(entry)
  }

  async #get(): Promise<Snapshot> {
    this.#made ??= this.#make()
    this.#snapshot = await this.#made
    return this.#snapshot
  }
}
