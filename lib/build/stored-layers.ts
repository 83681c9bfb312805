import type { Blob } from '../blob/blob.js'
import type { Digest } from '../blob/digest.js'
import type { Store } from '../blob/store.js'
import { isDigestText, isObject, isStoredDescriptor, type StoredDescriptor } from '../blob/stored-descriptor.js'
import type { Json } from '../graph/json.js'
import type { CachedLayer, LayerCache } from '../stages/layer-cache.js'

/** What records of layers are called in the store. */
const KIND = 'layer'

/** A machine's own layer cache. */
export interface OwnLayerCache extends LayerCache {
  /** Drops what turned out to be wrong. Never rejects. */
  forget(key: string): Promise<void>
}

/**
 * The layer cache in an image store: blobs among the blobs, with a record that says what each was made from. A blob
 * that anybody touched since it was written is verified before it is used again; one that is damaged or collected only
 * means that the layer is made anew.
 */
export function createLayerCache(store: Store): OwnLayerCache {
  return {
    forget: (key) => store.records.remove(KIND, key).catch(() => {}),
    find: (key) => findLayer(store, key).catch(() => null),
    remember: (key, layer) => rememberLayer(store, key, layer).catch(() => {})
  }
}

async function findLayer(store: Store, key: string): Promise<CachedLayer | null> {
  const record: unknown = await store.records.get(KIND, key)
  if (!isLayerRecord(record)) return null
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

async function rememberLayer(store: Store, key: string, { blob, diffID, newest }: CachedLayer): Promise<void> {
  const lease = await store.lease()
  try {
    await lease.add(blob)
    const { mediaType, digest, size, annotations } = blob.descriptor
    const descriptor: Json = { mediaType, digest, size, ...(annotations && { annotations }) }
    await store.records.put(KIND, key, { descriptor, diffID, newest }, [digest])
  } finally {
    await lease.release()
  }
}
