import { buffer } from 'node:stream/consumers'
import type { BlockCache, Composition, FoundBlock } from '../codec/block-cache.js'
import { check, schemas } from '../image/schemas.js'
import type { Blob, ByteRange } from './blob.js'
import type { Descriptor } from './descriptor.js'
import { type Digest, digestBeside, digestOf, hexOf } from './digest.js'
import type { Store } from './store.js'

/**
 * The block cache in an image store: blocks are ranges of layers among its blobs, never copies, and a record for each
 * such layer says where they lie. What is read is verified; a record whose blob is damaged is removed, and one whose
 * blob is collected goes with it.
 */
export function createBlockCache(store: Store): BlockCache {
  const indexes = new Map<string, Promise<Index>>()
  const indexOf = (setting: string): Promise<Index> => {
    const index = indexes.get(setting) ?? readIndex(store, setting)
    indexes.set(setting, index)
    return index
  }
  return {
    find: async (setting, contents) => {
      try {
        const place = (await indexOf(setting)).get(contents)
        return place ? await readBlock(store, kindOf(setting), contents, place) : null
      } catch {
        return null
      }
    },
    remember: (blob, composition) => rememberBlob(store, blob, composition).catch(() => {})
  }
}

/** Where the compressed bytes of a block lie. */
interface Place {
  readonly layer: StoredLayer
  readonly range: ByteRange
  readonly digest: Digest
}

interface StoredLayer {
  readonly descriptor: Descriptor
  readonly blob: Promise<Blob | null>
}

/** Places by what the block is before it is compressed. */
type Index = ReadonlyMap<Digest, Place>

/** More blocks than these are not looked for: 25 MB of memory for 100 GB of layers. */
const MOST_PLACES = 100_000

/** What records are called in the store: one kind for each setting, so that a run reads only those it can use. */
function kindOf(setting: string): string {
  return `blocks-${hexOf(digestOf(setting)).slice(0, 16)}`
}

async function readIndex(store: Store, setting: string): Promise<Index> {
  const kind = kindOf(setting)
  const index = new Map<Digest, Place>()
  for (const key of await store.records.keys(kind)) {
    if (index.size >= MOST_PLACES) break
    const record = check(schemas().blocksRecord, await store.records.get(kind, key))
    if (!record.ok) continue
    const { descriptor, blocks } = record.document
    const layer: StoredLayer = { descriptor, blob: store.blob(descriptor) }
    let start = 0
    for (const { contents, digest, size } of blocks) {
      const range = { start, end: start + size }
      index.set(contents, { layer, range, digest })
      start += size
    }
  }
  return index
}

async function readBlock(store: Store, kind: string, contents: Digest, place: Place): Promise<FoundBlock | null> {
  const { layer, range, digest } = place
  const blob = await layer.blob
  if (blob === null) return null
  const bytes = await buffer(blob.open(range))
  if ((await digestBeside(bytes)) === digest) return { contents, digest, size: bytes.length, bytes }
  await store.records.remove(kind, layer.descriptor.digest)
  return null
}

async function rememberBlob(store: Store, blob: Blob, { setting, blocks }: Composition): Promise<void> {
  const { mediaType, digest, size } = blob.descriptor
  const lease = await store.lease()
  try {
    await lease.add(blob)
    const value = { descriptor: { mediaType, digest, size }, blocks: blocks.map((block) => ({ ...block })) }
    await store.records.put(kindOf(setting), digest, value, [digest])
  } finally {
    await lease.release()
  }
}
