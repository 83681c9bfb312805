import type { Platform } from '../image/platform.js'
import type { Digest } from './digest.js'

export type Annotations = Readonly<Record<string, string>>

/** An OCI content descriptor (image-spec, descriptor.md). */
export interface Descriptor {
  readonly mediaType: string
  readonly digest: Digest
  /** Bytes. */
  readonly size: number
  readonly urls?: readonly string[]
  readonly annotations?: Annotations
  /** Base64 of the content itself, for small blobs. */
  readonly data?: string
  readonly platform?: Platform
  readonly artifactType?: string
}
