import type { Blob } from '../blob/blob.js'
import type { Digest } from '../blob/digest.js'
import type { Lease, Store } from '../blob/store.js'
import { isDigestText, isObject, isStoredDescriptor, type StoredDescriptor } from '../blob/stored-descriptor.js'
import type { Json } from '../graph/json.js'
import type { CachedLayer, LayerCache } from '../stages/layer-cache.js'

/** What records of layers are called in the store. */
const KIND = 'layer'

/** A machine's own layer cache. */
export interface OwnLayerCache extends LayerCache {
  /** Keeps a layer from elsewhere, unless `check` rejects: then with its reason, and nobody ever finds the layer. */
  adopt(key: string, layer: CachedLayer, check: (layer: CachedLayer) => Promise<void>): Promise<void>
  /** Lets go of all that was found: until then it stays, whoever collects what no name leads to. */
  close(): Promise<void>
}

/**
 * The layer cache in an image store: blobs among the blobs, with a record that says what each was made from. A blob
 * that anybody touched since it was written is verified before it is used again; one that is damaged or collected only
 * means that the layer is made anew.
 */
export function createLayerCache(store: Store): OwnLayerCache {
  let lease: Promise<Lease> | null = null
  const hold = async (digest: Digest): Promise<void> => {
    lease ??= store.lease()
    await (await lease).keep(digest)
  }
  return {
    adopt: (key, layer, check) => rememberLayer(store, key, layer, check),
    find: (key) => findLayer(store, key, hold).catch(() => null),
    remember: (key, layer) => rememberLayer(store, key, layer, async () => {}).catch(() => {}),
    close: async () => (await lease?.catch(() => null))?.release()
  }
}

async function findLayer(
  store: Store,
  key: string,
  hold: (digest: Digest) => Promise<void>
): Promise<CachedLayer | null> {
  const record: unknown = await store.records.get(KIND, key)
  if (!isLayerRecord(record)) return null
  await hold(record.descriptor.digest).catch(() => {}) // nobody collects where nobody may write
  const blob = await store.blob(record.descriptor)
  if (blob === null) return null
  if (blob.file === undefined && !(await isWhole(blob))) {
    await store.records.remove(KIND, key)
    return null
  }
  await store.records.touch(KIND, key)
  return { blob, diffID: record.diffID, newest: record.newest }
}

interface LayerRecord {
  readonly descriptor: StoredDescriptor
  readonly diffID: Digest
  readonly newest: number | null
}

function isLayerRecord(value: unknown): value is LayerRecord {
  if (!isObject(value) || !isStoredDescriptor(value.descriptor) || !isDigestText(value.diffID)) return false
  return value.newest === null || Number.isSafeInteger(value.newest)
}

async function isWhole(blob: Blob): Promise<boolean> {
  try {
    for await (const _ of blob.open()); // reading it to the end is what verifies it
    return true
  } catch {
    return false
  }
}

async function rememberLayer(
  store: Store,
  key: string,
  { blob, diffID, newest }: CachedLayer,
  check: (layer: CachedLayer) => Promise<void>
): Promise<void> {
  const lease = await store.lease()
  try {
    await lease.add(blob)
    const { mediaType, digest, size, annotations } = blob.descriptor
    const descriptor: Json = { mediaType, digest, size, ...(annotations && { annotations }) }
    await check({ blob: (await store.blob(blob.descriptor)) ?? blob, diffID, newest })
    await store.records.put(KIND, key, { descriptor, diffID, newest }, [digest])
  } finally {
    await lease.release()
  }
}
