import type { Blob } from '../blob/blob.js'
import type { Annotations, Descriptor } from '../blob/descriptor.js'
import type { Digest } from '../blob/digest.js'
import type { Composition } from '../codec/block-cache.js'
import type { CodecName } from '../codec/codec.js'
import type { Snapshot } from '../diff/snapshot.js'
import type { ContainerConfig, History } from '../image/config.js'
import type { Platform } from '../image/platform.js'
import type { Body } from '../streams/body.js'
import type { TarSummary } from '../tar/digest-blocks.js'
import type { Outline, TarOutline } from '../tar/outline.js'

/*
 * What flows between the stages. Every stream of items is a series of images, and every image a series of layers,
 * lowest first, that ends with one ImageEnd. Stages pass an ImageEnd on as it came; `assemble` turns it into the
 * config and the manifest.
 */

/** Ends an image: all that is known of it besides its layers. */
export interface ImageEnd {
  readonly kind: 'image'
  readonly platform: Platform
  readonly config: ContainerConfig
  readonly author?: string
  /** RFC 3339; of the config that an existing image came with. */
  readonly created?: string
  /** Steps after the last layer that changed only the config. */
  readonly history: readonly History[]
}

/** A layer that an existing image came with: its bytes, digest and history are kept. */
export interface StoredLayer {
  /** Compressed as it came. The media type is as it came, too. */
  readonly blob: Blob
  readonly diffID: Digest
}

/** Out of a source: a state to be compared with the one below it (null: with nothing), or a stored layer. */
export type LayerSource =
  | {
      readonly kind: 'snapshot'
      readonly lower: Snapshot | null
      readonly upper: Snapshot
      readonly history: readonly History[]
      /** Says what the layer is made of: equal keys, equal layers. Absent where that is not known without making it. */
      readonly key?: string
      /** What the layer is of, whatever is in it now: the next run's layer of that name will be much the same. */
      readonly name?: string
    }
  | { readonly kind: 'stored'; readonly layer: StoredLayer; readonly history: readonly History[] }

/** Out of `diff`. The body is a stream of EntryBatch. */
export interface Changeset {
  readonly kind: 'changeset'
  /** As of the snapshot that it comes from. */
  readonly key?: string
  /** The same entries and bodies, for a layer that has a name. Whoever changes them leaves it out, and the key. */
  readonly outline?: Outline
  readonly body: Body
  readonly stored: StoredLayer | null
  /** This layer's history, after that of steps before it which changed only the config. */
  readonly history: readonly History[]
}

/** Out of `pack`. The body is a stream of TarBlock. */
export interface Layer {
  readonly kind: 'layer'
  /** As of the changeset, with how it is packed. */
  readonly key?: string
  /** As of the changeset, packed. */
  readonly outline?: TarOutline
  readonly body: Body
  readonly stored: StoredLayer | null
  /** Settles when the body has been read to its end; never rejects. */
  readonly summary: Promise<TarSummary>
  readonly history: readonly History[]
}

/** Out of `compress`: a stored layer that stays as it is, or compressed bytes. The body is a stream of Buffer. */
export type CompressedLayer =
  | {
      readonly kind: 'kept'
      readonly layer: StoredLayer
      /** As of LayerBlob: set for a layer that an earlier run made. */
      readonly newest: number | null
      readonly history: readonly History[]
    }
  | {
      readonly kind: 'compressed'
      /** As of the layer, with how it is compressed. */
      readonly key?: string
      readonly body: Body
      readonly codec: CodecName
      readonly level: number | null
      /** Whether the layer came with an existing image, and is compressed anew. */
      readonly recompressed: boolean
      /** Settles when the body has been read to its end; never rejects. */
      readonly summary: Promise<CompressionSummary>
      readonly history: readonly History[]
    }

export interface CompressionSummary {
  readonly diffID: Digest
  readonly annotations: Annotations
  /** Which of the prioritized paths are in the layer. */
  readonly prioritized?: readonly string[]
  /** What the blob consists of, where the run has a cache for it. */
  readonly composition?: Composition
  /** The newest mtime in the layer, in seconds; null where it has no entries. */
  readonly newest: number | null
}

/** Out of `hash`. Its descriptor has an OCI media type; `assemble` gives it the one that the manifest wants. */
export interface LayerBlob {
  readonly kind: 'layer-blob'
  readonly blob: Blob
  readonly diffID: Digest
  /** Of a layer that was made in this run, or by an earlier one from the same: its newest mtime, in seconds. Null for one of an existing image. */
  readonly newest: number | null
  readonly history: readonly History[]
}

export type BlobRole = 'layer' | 'config' | 'manifest' | 'index'

/** Out of `assemble`: blobs, children before parents, the root last. */
export interface ImageBlob {
  readonly kind: 'blob'
  readonly role: BlobRole
  readonly blob: Blob
  /** Of a manifest: what it lists, so that nobody has to parse it again. */
  readonly manifest?: ManifestParts
  /**
   * On the last item of all: the one that names point to. Its descriptor has the platform, if it is a manifest, and
   * the annotations that index.json lists it with, besides names and `created`.
   */
  readonly root: boolean
}

export interface ManifestParts {
  readonly config: Descriptor
  readonly layers: readonly Descriptor[]
  readonly diffIDs: readonly Digest[]
  readonly platform: Platform
  /** RFC 3339, as the config has it. */
  readonly created: string | null
}

/** What a sink returns. */
export interface Receipt {
  /** The exporter: "oci", "local". */
  readonly exporter: string
  /** Where it went: a path, `-`, or a reference. */
  readonly destination: string
  /** Of the root manifest or index; null for file-system outputs. */
  readonly descriptor: Descriptor | null
  /** Of the config, where there is exactly one image. */
  readonly config: Descriptor | null
  readonly names: readonly string[]
  /** Bytes written or sent. */
  readonly bytes: number
  /** The setting of each layer that says it, by its digest: where it was left to choose, or a level was forced. */
  readonly chosen?: Readonly<Record<Digest, string>>
  /** What did not have to be done, in words: "2 blobs that were there already". */
  readonly skipped: readonly string[]
  readonly seconds: number
}
