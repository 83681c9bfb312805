import type { Segment, StoredBlock } from '../codec/block-cache.js'
import type { Descriptor } from './descriptor.js'
import { type Digest, digestOf, hexOf } from './digest.js'
import type { Store } from './store.js'
import { isCount, isDigestText, isObject, isStoredDescriptor, type StoredDescriptor } from './stored-descriptor.js'

/** Layers as the records of a store tell of them: their segments, and where the blocks of these lie. */
export interface BlockRecords {
  /** The last layer of that name; null where there is none. */
  get(setting: string, name: string): Promise<readonly Segment<StoredBlock>[] | null>
  /** All layers of a setting. */
  all(setting: string): AsyncIterable<readonly Segment<StoredBlock>[]>
  put(setting: string, name: string, segments: readonly Segment<StoredBlock>[]): Promise<void>
}

export function createBlockRecords({ records }: Store): BlockRecords {
  const get = async (kind: string, name: string): Promise<readonly Segment<StoredBlock>[] | null> => {
    const found: unknown = await records.get(kind, name)
    return isBlocksRecord(found) ? decode(found) : null
  }
  return {
    get: (setting, name) => get(kindOf(setting), name),
    async *all(setting) {
      const kind = kindOf(setting)
      for (const name of await records.keys(kind)) yield (await get(kind, name)) ?? []
    },
    async put(setting, name, segments) {
      const record = encode(segments)
      const digests = record.blobs.map(({ digest }) => digest)
      await records.put(kindOf(setting), name, record, digests)
    }
  }
}

/** What records are called in the store: one kind for each setting, so that a run reads only those it can use. */
function kindOf(setting: string): string {
  return `blocks-${hexOf(digestOf(setting)).slice(0, 16)}`
}

function decode({ blobs, segments }: BlocksRecord): readonly Segment<StoredBlock>[] {
  return segments.map(({ key, blocks }) => {
    const placed = blocks.flatMap(({ blob: index, start, ...block }) => {
      const blob = blobs[index]
      return blob ? [{ ...block, place: { blob, start } }] : []
    })
    return { key: placed.length === blocks.length ? key : null, blocks: placed }
  })
}

function encode(segments: readonly Segment<StoredBlock>[]): BlocksRecord {
  const blobs = new Map<Digest, { readonly descriptor: StoredDescriptor; readonly index: number }>()
  const indexOf = ({ mediaType, digest, size }: Descriptor): number => {
    const { index } = blobs.get(digest) ?? { index: blobs.size }
    blobs.set(digest, { descriptor: { mediaType, digest, size }, index })
    return index
  }
  const encoded = segments.map(({ key, blocks }) => ({
    key,
    blocks: blocks.map(({ checksum, length, digest, size, place: { blob, start } }) => {
      return { checksum, length, digest, size, blob: indexOf(blob), start }
    })
  }))
  return { blobs: [...blobs.values()].map(({ descriptor }) => descriptor), segments: encoded }
}

/** Plain data. */
type BlocksRecord = {
  readonly blobs: readonly { readonly mediaType: string; readonly digest: Digest; readonly size: number }[]
  readonly segments: readonly { readonly key: string | null; readonly blocks: readonly RecordedBlock[] }[]
}

/** `blob` is an index. */
type RecordedBlock = {
  readonly checksum: number
  readonly length: number
  readonly digest: Digest
  readonly size: number
  readonly blob: number
  readonly start: number
}

function isBlocksRecord(value: unknown): value is BlocksRecord {
  if (!isObject(value) || !Array.isArray(value.blobs) || !Array.isArray(value.segments)) return false
  return value.blobs.every(isStoredDescriptor) && value.segments.every(isSegment)
}

function isSegment(value: unknown): boolean {
  if (!isObject(value) || !(value.key === null || typeof value.key === 'string')) return false
  return Array.isArray(value.blocks) && value.blocks.every(isBlock)
}

function isBlock(value: unknown): boolean {
  if (!isObject(value)) return false
  const { checksum, length, digest, size, blob, start } = value
  return isDigestText(digest) && [checksum, length, size, blob, start].every(isCount)
}
