import { openStore, type Store, storeResource } from '../blob/store.js'
import { createBlockCache } from '../blob/stored-blocks.js'
import { createWrittenFiles } from '../blob/written-files.js'
import { cacheDirectory } from '../cache-directory.js'
import { blockCache } from '../codec/block-cache.js'
import { bareFiles, createBareFileRecords } from '../diff/bare-files.js'
import type { Provision } from '../graph/index.js'
import { createUploadJournal, uploadJournal } from '../registry/upload-journal.js'
import { writtenFiles } from '../stages/written-files.js'

/** The store that `--store` names, else the user's. */
export function storeOf(directory: string | null): Store {
  return openStore(directory ?? cacheDirectory('store'))
}

/** What a run has to be given for `--store`. */
export function provideStore(directory: string | null): readonly Provision[] {
  const store = storeOf(directory)
  return [storeResource.provide(store), uploadJournal.provide(createUploadJournal(store.records))]
}

/** What a run has to be given for it to ask, compress and write only what no earlier one has. */
export function provideEarlierWork(directory: string | null): readonly Provision[] {
  const store = storeOf(directory)
  return [
    blockCache.provide(createBlockCache(store)),
    bareFiles.provide(createBareFileRecords(store.records)),
    writtenFiles.provide(createWrittenFiles(store.records))
  ]
}
