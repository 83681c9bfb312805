import type { Duplex } from 'node:stream'
import type { Annotations } from '../blob/descriptor.js'
import type { Digest } from '../blob/digest.js'
import type { Budget } from '../graph/context.js'
import type { BlockCache, Composition } from './block-cache.js'
import type { ChunkDigests } from './chunk-digests.js'
import type { Priorities } from './prioritize.js'
import type { BlockSizes } from './ruler.js'

export type CodecName = 'uncompressed' | 'gzip' | 'estargz' | 'zstd' | 'zstd:chunked'

/** The container format of compressed bytes, as their first bytes tell it. */
export type CompressionFormat = 'uncompressed' | 'gzip' | 'zstd'

/** How a layer becomes a blob. One per file beside this one. */
export interface Codec {
  readonly name: CodecName
  /** The format that decompresses what this writes, and that its media type names. */
  readonly format: CompressionFormat
  /** Changes whenever the same input and level could give other bytes: the library and its version. */
  readonly version: string
  /** Levels that are accepted, or null where there are none. */
  readonly levels: { readonly minimum: number; readonly maximum: number; readonly default: number } | null
  /** Whether its output can be described by OCI media types only. */
  readonly needsOciMediaTypes: boolean
  /** How long the blocks are that are found again; absent where none are. */
  readonly blockSizes?: (level: number) => BlockSizes
  compress(settings: CompressionSettings): Compressor
}

export interface CompressionSettings {
  readonly level: number
  readonly budget: Budget
  /** What a lazily pulled layer begins with; estargz only. Null, the default, is nothing in particular. */
  readonly priorities?: Priorities | null
  /** Whether the layer is of an existing image, and may have what this codec added to it. Default false. */
  readonly stored?: boolean
  /** Whether what comes out may be lent: its reader gives it back. Default false. */
  readonly lends?: boolean
  /** Shared with other codecs that compress the same layer at the same time. Null, the default, is nobody. */
  readonly digests?: ChunkDigests | null
  /** Where blocks are looked up before they are compressed, and what the layer is of; null, the default, is nowhere. */
  readonly cache?: BlockCache | null
  readonly name?: string | null
  /** Whether KnownSegments may come in place of bytes. Default false. */
  readonly outlined?: boolean
}

/** One layer's compression. */
export interface Compressor {
  /**
   * TarBlocks in (object mode), which are given back (see streams/loan.ts), compressed Buffers out (object mode too: they
   * keep their size). Codecs that have block sizes take KnownSegments, too.
   */
  readonly stream: Duplex
  /** What the layer's descriptor has to say besides digest and size. Call it once `stream` has ended. */
  finish(): CompressionResult
}

export interface CompressionResult {
  readonly annotations: Annotations
  /** Where nobody else can tell: decompression gives other bytes than went in (estargz), or not all bytes went in. */
  readonly diffID?: Digest
  /** Which paths of the priorities the layer has. */
  readonly prioritized?: readonly string[]
  /** As of a TarSummary, where not all bytes went in. */
  readonly newest?: number | null
  /** What the blob consists of, for the cache that blocks were looked up in. */
  readonly composition?: Composition
}

/** What decides, with the contents of a block, what a codec makes of it. */
export function settingOf({ name, version }: Codec, level: number): string {
  return `${name} ${version} level/${level}`
}
