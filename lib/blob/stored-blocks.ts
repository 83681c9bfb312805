import type { BlockCache, StoredBlock } from '../codec/block-cache.js'
import type { Blob } from './blob.js'
import { type BlockRecords, createBlockRecords } from './block-records.js'
import type { Descriptor } from './descriptor.js'
import { type Digest, digestOf } from './digest.js'
import { readRange } from './read-range.js'
import { rememberBlocks } from './remember-blocks.js'
import type { Store } from './store.js'

/**
 * The block cache in an image store: blocks are ranges of its blobs, never copies, and a record for each layer says
 * where they lie. What is read is verified; a record goes when a blob that it names is collected.
 */
export function createBlockCache(store: Store): BlockCache {
  const records = createBlockRecords(store)
  const blobOf = createBlobs(store)
  const indexes = new Map<string, Promise<Index>>()
  const indexOf = (setting: string): Promise<Index> => {
    const index = indexes.get(setting) ?? readIndex(setting, records)
    indexes.set(setting, index)
    return index
  }
  return {
    recall: async (setting, name) => {
      const segments = await records.get(setting, name).catch(() => null)
      const known = new Map<string, readonly StoredBlock[]>()
      for (const { key, blocks } of segments ?? []) {
        const blobs = await Promise.all(blocks.map(({ place }) => blobOf(place.blob)))
        if (key !== null && !blobs.includes(null)) known.set(key, blocks)
      }
      return known.size > 0 ? known : null
    },
    find: async (setting, contents) => {
      const index = await indexOf(setting).catch((): Index => new Map())
      return index.get(keyOf(contents)) ?? null
    },
    read: async (block) => {
      const blob = await blobOf(block.place.blob)
      return blob && readBlock(blob, block).catch(() => null)
    },
    remember: (blob, composition) => rememberBlocks(store, records, blob, composition).catch(() => {})
  }
}

/** Blocks by what they are before they are compressed. */
type Index = ReadonlyMap<string, StoredBlock>

/** More blocks than these are not looked for: 25 MB of memory for 100 GB of layers. */
const MOST_BLOCKS = 100_000

async function readIndex(setting: string, records: BlockRecords): Promise<Index> {
  const index = new Map<string, StoredBlock>()
  for await (const segments of records.all(setting)) {
    for (const { blocks } of segments) for (const block of blocks) index.set(keyOf(block), block)
    if (index.size >= MOST_BLOCKS) break
  }
  return index
}

function keyOf({ checksum, length }: Pick<StoredBlock, 'checksum' | 'length'>): string {
  return `${checksum} ${length}`
}

/** The blobs of a store, each looked for once. */
function createBlobs(store: Store): (descriptor: Descriptor) => Promise<Blob | null> {
  const opened = new Map<Digest, Promise<Blob | null>>()
  return (descriptor) => {
    const blob = opened.get(descriptor.digest) ?? store.blob(descriptor).catch(() => null)
    opened.set(descriptor.digest, blob)
    return blob
  }
}

async function readBlock(blob: Blob, { place: { start }, size, digest }: StoredBlock): Promise<Buffer | null> {
  const bytes = await readRange(blob, { start, end: start + size })
  return digestOf(bytes) === digest ? bytes : null
}
