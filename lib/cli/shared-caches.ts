import type { Store } from '../blob/store.js'
import { buildRecords, createBuildRecords } from '../build/build-records.js'
import { type CacheLocation, openCacheStorage } from '../build/cache-storage.js'
import { isDownload } from '../build/download-once.js'
import { createContentNames, layerNames } from '../build/layer-names.js'
import type { Caches } from '../build/own-caches.js'
import { createSharedCache } from '../build/shared-cache.js'
import { createLayerCache } from '../build/stored-layers.js'
import type { RegistryClient } from '../registry/client.js'
import { createUploadJournal } from '../registry/upload-journal.js'
import { layerCache } from '../stages/layer-cache.js'

/** Where layers are cached, besides in the store. */
export interface Caching {
  readonly from: readonly CacheLocation[]
  readonly to: readonly CacheLocation[]
  /** What goes there: what the result consists of, or also what belongs to the stages that it needs. */
  readonly mode: 'min' | 'max'
  /** What was asked for and is not done, in words. */
  readonly unused: readonly string[]
}

/** Opens caches that machines share. Layers are named by their contents then, which costs a reading. */
export function openSharedCaches({ from, to, mode, unused }: Caching, store: Store, client: RegistryClient): Caches {
  const connection = { client, journal: createUploadJournal(store.records) }
  const note = (message: string): void => void process.stderr.write(`WARNING: ${message}\n`)
  unused.forEach(note)
  const own = createLayerCache(store)
  const shared = createSharedCache({
    own,
    imports: from.map((location) => openCacheStorage(location, connection)),
    exports: to.map((location) => openCacheStorage(location, connection)),
    isExported: (key) => mode === 'max' || !isDownload(key),
    note
  })
  const provide = [
    buildRecords.provide(createBuildRecords(store.records)),
    layerCache.provide(shared),
    layerNames.provide(createContentNames(store.records))
  ]
  return { provide, finish: () => shared.finish(), close: () => own.close() }
}
