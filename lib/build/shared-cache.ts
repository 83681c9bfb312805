import type { Blob } from '../blob/blob.js'
import type { Digest } from '../blob/digest.js'
import { InputError, messageOf } from '../errors.js'
import type { CachedLayer, LayerCache } from '../stages/layer-cache.js'
import { giveBack } from '../streams/loan.js'
import { type SharedLayer, sharedKey } from './cache-manifest.js'
import type { CacheStorage } from './cache-storage.js'
import { DOWNLOAD } from './download-once.js'
import type { OwnLayerCache } from './stored-layers.js'

/** A layer cache that other machines share. */
export interface SharedCache extends LayerCache {
  /**
   * Writes what this run found and made to where it is exported. Rejects, when all have been tried, with what kept it from
   * being written to one that is required.
   */
  finish(): Promise<void>
}

export interface ExportedCache {
  readonly storage: CacheStorage
  readonly required: boolean
}

export interface SharedCacheOptions {
  /** This machine's own, asked first. Everything found elsewhere goes into it. */
  readonly own: OwnLayerCache
  readonly imports: readonly CacheStorage[]
  readonly exports: readonly ExportedCache[]
  /** Which of what this run found and made goes there, by its key. */
  readonly isExported: (key: string) => boolean
  /** Hears of caches that can't be used. */
  readonly note: (message: string) => void
}

/** A cache from elsewhere only saves work: where it fails, the layer is made, and a note says why. */
export function createSharedCache({ own, imports, exports, isExported, note }: SharedCacheOptions): SharedCache {
  const listed = imports.map((storage) => listOf(storage, note))
  const used = new Map<Digest, { readonly layer: SharedLayer; readonly blob: Blob }>()
  const use = (key: string, { blob, diffID, newest }: CachedLayer): void => {
    if (!isExported(key)) return
    const shared = { key: sharedKey(key), descriptor: blob.descriptor, diffID, newest }
    used.set(shared.key, { layer: shared, blob })
  }
  return {
    async find(key) {
      const found = (await own.find(key)) ?? (await fetchLayer(key, await Promise.all(listed), own, note))
      if (found) use(key, found)
      return found
    },
    async remember(key, layer) {
      await own.remember(key, layer)
      // What was made lies in a temporary file that goes with the run; the copy stays.
      const kept = exports.length > 0 ? await own.find(key) : null
      if (kept) use(key, kept)
    },
    async finish() {
      const all = [...used.values()]
      const save = (storage: CacheStorage) =>
        storage.save(
          all.map(({ layer }) => layer),
          all.map(({ blob }) => blob)
        )
      const failures: unknown[] = []
      for (const { storage, required } of exports) {
        await save(storage).catch((error: unknown) => {
          if (required) failures.push(error)
          else note(`the build cache was not exported: ${messageOf(error)}`)
        })
      }
      if (failures.length > 0) throw failures[0]
    }
  }
}

interface Listed {
  readonly storage: CacheStorage
  readonly layers: ReadonlyMap<Digest, SharedLayer>
}

async function listOf(storage: CacheStorage, note: (message: string) => void): Promise<Listed> {
  try {
    return { storage, layers: new Map((await storage.load()).map((layer) => [layer.key, layer])) }
  } catch (error) {
    note(`a build cache is not used: ${messageOf(error)}`)
    return { storage, layers: new Map() }
  }
}

/** Fails where a layer is not what its cache says of it: that goes into configs, and nobody looks at it again. */
async function checkLayer({ blob, diffID, newest }: CachedLayer): Promise<void> {
  if (blob.descriptor.mediaType === DOWNLOAD) return // a download, of which everything was verified as it came
  let found: number | null = null
  const { blocksOf } = await import('../stages/stored.js')
  const blocks = blocksOf({ blob, diffID }, { onEnd: (summary) => void (found = summary.newest) }).open({
    givesBack: true
  })
  for await (const block of blocks) giveBack(block)
  if (found === newest) return
  throw new InputError({
    operation: 'check layer',
    subject: blob.descriptor.digest,
    expected: `a newest time of ${newest}`,
    found: String(found)
  })
}

/** Brings a layer that is right into the machine's own cache, and takes it from there. */
async function fetchLayer(
  key: string,
  caches: readonly Listed[],
  own: OwnLayerCache,
  note: (message: string) => void
): Promise<CachedLayer | null> {
  for (const { storage, layers } of caches) {
    const layer = layers.get(sharedKey(key))
    if (!layer) continue
    try {
      const blob = await storage.blob(layer.descriptor)
      if (blob === null) continue
      await own.adopt(key, { blob, diffID: layer.diffID, newest: layer.newest }, checkLayer)
      return await own.find(key)
    } catch (error) {
      note(`a layer in a build cache is not used: ${messageOf(error)}`)
    }
  }
  return null
}
