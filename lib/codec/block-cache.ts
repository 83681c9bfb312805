import type { Blob } from '../blob/blob.js'
import type { Digest } from '../blob/digest.js'
import { createResource } from '../graph/resource.js'

/** A block of a layer as it lies in the layer's blob. */
export interface CompressedBlock {
  /** Of the bytes before they were compressed. */
  readonly contents: Digest
  /** Of the compressed bytes. */
  readonly digest: Digest
  /** Bytes in the blob; the blocks of a blob follow each other from its start, and nothing else is in it. */
  readonly size: number
}

/**
 * Blocks that were compressed before, by their contents and by all that decides what they are compressed to. It only
 * ever saves work: what is in it equals what would be made, and where it fails, the block is compressed.
 */
export interface BlockCache {
  /** The compressed bytes, verified; null where there are none, or none that are whole. Never rejects. */
  find(setting: string, contents: Digest): Promise<FoundBlock | null>
  /** Keeps what a blob consists of, and the blob with it. Never rejects. */
  remember(blob: Blob, composition: Composition): Promise<void>
}

export interface FoundBlock extends CompressedBlock {
  readonly bytes: Buffer
}

/** The blocks that a blob consists of, in order. */
export interface Composition {
  /** Codec, version and level: what decides, with a block's contents, what it is compressed to. */
  readonly setting: string
  readonly blocks: readonly CompressedBlock[]
}

/** What a run looks blocks up in. None, unless it is given one. */
export const blockCache = createResource<BlockCache | null>('block cache', () => null)
