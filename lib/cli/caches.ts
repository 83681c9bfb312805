import type { Store } from '../blob/store.js'
import { buildRecords, createBuildRecords } from '../build/build-records.js'
import { createLayerCache } from '../build/stored-layers.js'
import type { Provision } from '../graph/index.js'
import { layerCache } from '../stages/layer-cache.js'

/** The caches of a run. */
export interface Caches {
  readonly provide: readonly Provision[]
  /** To be called when the run has ended well. */
  finish(): Promise<void>
  /** To be called when it has ended. */
  close(): Promise<void>
}

/** Those of this machine alone. */
export function openOwnCaches(store: Store): Caches {
  const layers = createLayerCache(store)
  const provide = [buildRecords.provide(createBuildRecords(store.records)), layerCache.provide(layers)]
  return { provide, finish: async () => {}, close: () => layers.close() }
}
