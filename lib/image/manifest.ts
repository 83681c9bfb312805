import type { Annotations, Descriptor } from '../blob/descriptor.js'
import { indentedJson, orderAnnotations, orderDescriptor } from './canonical-json.js'
import { convertMediaType, type MediaTypeFamily, manifestMediaType } from './media-types.js'

export interface ManifestFields {
  readonly family: MediaTypeFamily
  readonly config: Descriptor
  /** Lowest first. */
  readonly layers: readonly Descriptor[]
  readonly annotations?: Annotations
  readonly artifactType?: string
  readonly subject?: Descriptor
}

/**
 * The bytes of an image manifest (image-spec, manifest.md; Docker schema 2). The media types of config and layers are
 * converted to the family's.
 */
export function createManifest(fields: ManifestFields): Buffer {
  const { family, config, layers, annotations, artifactType, subject } = fields
  return indentedJson({
    schemaVersion: 2,
    mediaType: manifestMediaType(family),
    artifactType,
    config: orderDescriptor(inFamily(config, family)),
    layers: layers.map((layer) => orderDescriptor(inFamily(layer, family))),
    subject: subject && orderDescriptor(subject),
    annotations: orderAnnotations(annotations)
  })
}

function inFamily(descriptor: Descriptor, family: MediaTypeFamily): Descriptor {
  return { ...descriptor, mediaType: convertMediaType(descriptor.mediaType, family) }
}
