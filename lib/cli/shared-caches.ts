import type { Store } from '../blob/store.js'
import { buildRecords, createBuildRecords } from '../build/build-records.js'
import { type CacheExport, type CacheLocation, openCacheStorage } from '../build/cache-storage.js'
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
  readonly to: readonly CacheExport[]
  /** What goes there: what the result consists of, or also what belongs to the stages that it needs. */
  readonly mode: 'min' | 'max'
  /** Registries of caches that may be spoken to without TLS, or with a certificate that can't be verified. */
  readonly insecureHosts: readonly string[]
  /** What was asked for and is not done, in words. */
  readonly warnings: readonly string[]
}

export interface CacheWorld {
  readonly store: Store
  readonly client: RegistryClient
  /** Hears of caches that can't be used. */
  readonly warn: (message: string) => void
}

/** Opens caches that machines share. Layers are named by their contents then, which costs a reading. */
export function openSharedCaches({ from, to, mode }: Caching, { store, client, warn }: CacheWorld): Caches {
  const connection = { client, journal: createUploadJournal(store.records) }
  const own = createLayerCache(store)
  const shared = createSharedCache({
    own,
    imports: from.map((location) => openCacheStorage(location, connection)),
    exports: to.map((each) => ({ ...each, storage: openCacheStorage(each.location, connection) })),
    isExported: (key) => mode === 'max' || !isDownload(key),
    note: warn
  })
  const provide = [
    buildRecords.provide(createBuildRecords(store.records)),
    layerCache.provide(shared),
    layerNames.provide(createContentNames(store.records))
  ]
  return { provide, finish: () => shared.finish(), close: () => own.close() }
}
