import type { Annotations, Descriptor } from '../blob/descriptor.js'
import { compactJson, indentedJson, orderAnnotations, orderDescriptor } from './canonical-json.js'
import { indexMediaType, type MediaTypeFamily, OCI_INDEX } from './media-types.js'

export interface IndexFields {
  readonly family: MediaTypeFamily
  /** In order of preference; each with its platform. */
  readonly manifests: readonly Descriptor[]
  readonly annotations?: Annotations
  readonly artifactType?: string
  readonly subject?: Descriptor
}

/** The bytes of an image index (image-spec, image-index.md) or of a Docker manifest list. */
export function createIndex({ family, manifests, annotations, artifactType, subject }: IndexFields): Buffer {
  return indentedJson({
    schemaVersion: 2,
    mediaType: indexMediaType(family),
    artifactType,
    manifests: manifests.map(orderDescriptor),
    subject: subject && orderDescriptor(subject),
    annotations: orderAnnotations(annotations)
  })
}

/** The bytes of a layout's `index.json`, which lists one descriptor per name (image-spec, image-layout.md). */
export function createLayoutIndex(manifests: readonly Descriptor[]): Buffer {
  return compactJson({ schemaVersion: 2, mediaType: OCI_INDEX, manifests: manifests.map(orderDescriptor) })
}

/** The bytes of a layout's `oci-layout`. */
export function createLayoutMarker(): Buffer {
  return compactJson({ imageLayoutVersion: '1.0.0' })
}
