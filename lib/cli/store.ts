import { openStore, type Store, storeResource } from '../blob/store.js'
import { cacheDirectory } from '../cache-directory.js'
import type { Provision } from '../graph/index.js'
import { createUploadJournal, uploadJournal } from '../registry/upload-journal.js'

/** The store that `--store` names, else the user's. */
export function storeOf(directory: string | null): Store {
  return openStore(directory ?? cacheDirectory('store'))
}

/** What a run has to be given for `--store`. */
export function provideStore(directory: string | null): readonly Provision[] {
  const store = storeOf(directory)
  return [storeResource.provide(store), uploadJournal.provide(createUploadJournal(store.records))]
}
