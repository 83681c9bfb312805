import type { Store } from '../blob/store.js'
import { type CacheLocation, openCacheStorage } from '../build/cache-storage.js'
import { createContentNames, layerNames } from '../build/layer-names.js'
import { createSharedCache } from '../build/shared-cache.js'
import { createLayerCache } from '../build/stored-layers.js'
import type { Provision } from '../graph/index.js'
import type { RegistryClient } from '../registry/client.js'
import { createUploadJournal } from '../registry/upload-journal.js'
import { layerCache } from '../stages/layer-cache.js'

/** Where layers are cached, besides in the store. */
export interface Caching {
  readonly from: readonly CacheLocation[]
  readonly to: readonly CacheLocation[]
}

/** The caches of a run. */
export interface Caches {
  readonly provide: readonly Provision[]
  /** To be called when the run has ended well. */
  finish(): Promise<void>
}

/** Opens caches. Layers are named by their contents only where they are shared: that costs a reading. */
export function openCaches({ from, to }: Caching, store: Store, client: RegistryClient): Caches {
  const own = createLayerCache(store)
  if (from.length + to.length === 0) return { provide: [layerCache.provide(own)], finish: async () => {} }
  const connection = { client, journal: createUploadJournal(store.records) }
  const shared = createSharedCache({
    own,
    imports: from.map((location) => openCacheStorage(location, connection)),
    exports: to.map((location) => openCacheStorage(location, connection)),
    note: (message) => void process.stderr.write(`WARNING: ${message}\n`)
  })
  const provide = [layerCache.provide(shared), layerNames.provide(createContentNames(store.records))]
  return { provide, finish: () => shared.finish() }
}
