import type { Store } from '../blob/store.js'
import type { Provision } from '../graph/index.js'
import { layerCache } from '../stages/layer-cache.js'
import { buildRecords, createBuildRecords } from './build-records.js'
import { createLayerCache } from './stored-layers.js'

/** Caches of layers and of whole builds, for a run. */
export interface Caches {
  /** What the run has to be given. */
  readonly provide: readonly Provision[]
  /** To be called when the run has ended well. */
  finish(): Promise<void>
  /** To be called when it has ended. */
  close(): Promise<void>
}

/** Those that a store keeps, for this machine alone. */
export function openOwnCaches(store: Store): Caches {
  const layers = createLayerCache(store)
  const provide = [buildRecords.provide(createBuildRecords(store.records)), layerCache.provide(layers)]
  return { provide, finish: async () => {}, close: () => layers.close() }
}
