import { createResource } from '../graph/resource.js'
import type { LayerBlob } from './items.js'

/** A layer that was made before: all that there is to know of it without making it again. */
export type CachedLayer = Pick<LayerBlob, 'blob' | 'diffID' | 'newest'>

/**
 * Layers by what they are made of. It only ever saves work: what is in it equals what would be made, and where it
 * fails, the layer is made.
 */
export interface LayerCache {
  /** Null where there is none, or none that is whole. Never rejects. */
  find(key: string): Promise<CachedLayer | null>
  /** Keeps a layer. Never rejects. */
  remember(key: string, layer: CachedLayer): Promise<void>
}

/** What a run looks layers up in. None, unless it is given one. */
export const layerCache = createResource<LayerCache | null>('layer cache', () => null)
