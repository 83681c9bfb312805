import type { Blob } from '../blob/blob.js'
import type { Descriptor } from '../blob/descriptor.js'
import type { Digest } from '../blob/digest.js'
import { createResource } from '../graph/resource.js'

/** A block of a layer, compressed. */
export interface CompressedBlock {
  /** The CRC-32 of its contents. It only finds the block: who takes it compares the contents. */
  readonly checksum: number
  /** Bytes of its contents. */
  readonly length: number
  /** Of the compressed bytes. */
  readonly digest: Digest
  /** Compressed bytes. */
  readonly size: number
}

/** One that an earlier run compressed, and where its bytes lie. */
export interface StoredBlock extends CompressedBlock {
  readonly place: { readonly blob: Descriptor; readonly start: number }
}

/** The blocks of a stretch of a layer, which was cut by itself. */
export interface Segment<B extends CompressedBlock = CompressedBlock> {
  /** As of `SegmentKey`; null where it has none. */
  readonly key: string | null
  readonly blocks: readonly B[]
}

/** What a blob consists of: the blocks of all segments, in order, and nothing else. */
export interface Composition {
  /** Codec, version and level: what decides, with a block's contents, what it is compressed to. */
  readonly setting: string
  /** What the layer is of, as its outline says; null where that has no name. */
  readonly name: string | null
  /** Blocks that an earlier run compressed still say where. */
  readonly segments: readonly Segment<CompressedBlock | StoredBlock>[]
}

/**
 * Blocks that were compressed before, by their contents or by the segments that they lie in, and by all that decides
 * what they are compressed to. It only ever saves work: where it fails, the block is compressed. Nothing in it rejects.
 */
export interface BlockCache {
  /** The last layer of that name, segments by their keys; null where there is none. */
  recall(setting: string, name: string): Promise<ReadonlyMap<string, readonly StoredBlock[]> | null>
  /** A block that may have these contents. */
  find(setting: string, contents: Pick<CompressedBlock, 'checksum' | 'length'>): Promise<StoredBlock | null>
  /** The compressed bytes, verified; null where they are not there any more, or damaged. */
  read(block: StoredBlock): Promise<Buffer | null>
  /** Keeps what a blob consists of, and those blocks of it that are nowhere else. */
  remember(blob: Blob, composition: Composition): Promise<void>
}

/** What a run looks blocks up in. None, unless it is given one. */
export const blockCache = createResource<BlockCache | null>('block cache', () => null)
