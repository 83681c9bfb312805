import type { CompressionFormat } from '../codec/codec.js'

/** Whose media types an image's documents and layers are described by. */
export type MediaTypeFamily = 'oci' | 'docker'

/* OCI image-spec, media-types.md. */
export const OCI_INDEX = 'application/vnd.oci.image.index.v1+json'
export const OCI_MANIFEST = 'application/vnd.oci.image.manifest.v1+json'
export const OCI_CONFIG = 'application/vnd.oci.image.config.v1+json'
export const OCI_LAYER = 'application/vnd.oci.image.layer.v1.tar'
export const OCI_LAYER_GZIP = 'application/vnd.oci.image.layer.v1.tar+gzip'
const OCI_LAYER_ZSTD = 'application/vnd.oci.image.layer.v1.tar+zstd'
const OCI_NONDISTRIBUTABLE_LAYER = 'application/vnd.oci.image.layer.nondistributable.v1.tar'
const OCI_NONDISTRIBUTABLE_LAYER_GZIP = 'application/vnd.oci.image.layer.nondistributable.v1.tar+gzip'
const OCI_NONDISTRIBUTABLE_LAYER_ZSTD = 'application/vnd.oci.image.layer.nondistributable.v1.tar+zstd'

/* Docker Image Manifest version 2, schema 2. The types that end in zstd are BuildKit's, by analogy. */
export const DOCKER_MANIFEST_LIST = 'application/vnd.docker.distribution.manifest.list.v2+json'
export const DOCKER_MANIFEST = 'application/vnd.docker.distribution.manifest.v2+json'
export const DOCKER_CONFIG = 'application/vnd.docker.container.image.v1+json'
export const DOCKER_LAYER = 'application/vnd.docker.image.rootfs.diff.tar'
export const DOCKER_LAYER_GZIP = 'application/vnd.docker.image.rootfs.diff.tar.gzip'
const DOCKER_LAYER_ZSTD = 'application/vnd.docker.image.rootfs.diff.tar.zstd'
const DOCKER_FOREIGN_LAYER = 'application/vnd.docker.image.rootfs.foreign.diff.tar'
const DOCKER_FOREIGN_LAYER_GZIP = 'application/vnd.docker.image.rootfs.foreign.diff.tar.gzip'
const DOCKER_FOREIGN_LAYER_ZSTD = 'application/vnd.docker.image.rootfs.foreign.diff.tar.zstd'

/* Docker schema 1, which is recognised in order to be refused by name. */
export const DOCKER_SCHEMA_1 = 'application/vnd.docker.distribution.manifest.v1+json'
export const DOCKER_SCHEMA_1_SIGNED = 'application/vnd.docker.distribution.manifest.v1+prettyjws'

interface LayerType {
  readonly format: CompressionFormat
  readonly nondistributable: boolean
  readonly oci: string
  readonly docker: string
}

const LAYERS: readonly LayerType[] = [
  { format: 'uncompressed', nondistributable: false, oci: OCI_LAYER, docker: DOCKER_LAYER },
  { format: 'gzip', nondistributable: false, oci: OCI_LAYER_GZIP, docker: DOCKER_LAYER_GZIP },
  { format: 'zstd', nondistributable: false, oci: OCI_LAYER_ZSTD, docker: DOCKER_LAYER_ZSTD },
  { format: 'uncompressed', nondistributable: true, oci: OCI_NONDISTRIBUTABLE_LAYER, docker: DOCKER_FOREIGN_LAYER },
  { format: 'gzip', nondistributable: true, oci: OCI_NONDISTRIBUTABLE_LAYER_GZIP, docker: DOCKER_FOREIGN_LAYER_GZIP },
  { format: 'zstd', nondistributable: true, oci: OCI_NONDISTRIBUTABLE_LAYER_ZSTD, docker: DOCKER_FOREIGN_LAYER_ZSTD }
]

const DOCUMENTS: readonly Readonly<Record<MediaTypeFamily, string>>[] = [
  { oci: OCI_INDEX, docker: DOCKER_MANIFEST_LIST },
  { oci: OCI_MANIFEST, docker: DOCKER_MANIFEST },
  { oci: OCI_CONFIG, docker: DOCKER_CONFIG }
]

/** The media type of a layer tar in `format`. Nondistributable layers are Docker's "foreign" ones. */
export function layerMediaType(format: CompressionFormat, family: MediaTypeFamily, nondistributable = false): string {
  const type = LAYERS.find((each) => each.format === format && each.nondistributable === nondistributable)
  return type?.[family] ?? OCI_LAYER
}

/** How a layer of this media type is compressed, or null where it is not a layer tar's. */
export function formatOfMediaType(mediaType: string): CompressionFormat | null {
  return layerTypeOf(mediaType)?.format ?? null
}

/** Whether layers of this media type are to be fetched from their own URLs rather than from the image's registry. */
export function isNondistributable(mediaType: string): boolean {
  return layerTypeOf(mediaType)?.nondistributable ?? false
}

/** The media type in `family` that says the same; one that has no counterpart stays as it is. */
export function convertMediaType(mediaType: string, family: MediaTypeFamily): string {
  return (
    [...LAYERS, ...DOCUMENTS].find(({ oci, docker }) => mediaType === oci || mediaType === docker)?.[family] ??
    mediaType
  )
}

/** The media type of the same layer as one that may be distributed; others stay as they are. */
export function distributable(mediaType: string): string {
  const type = layerTypeOf(mediaType)
  return type?.nondistributable ? layerMediaType(type.format, familyOf(mediaType)) : mediaType
}

export function indexMediaType(family: MediaTypeFamily): string {
  return convertMediaType(OCI_INDEX, family)
}

export function manifestMediaType(family: MediaTypeFamily): string {
  return convertMediaType(OCI_MANIFEST, family)
}

export function configMediaType(family: MediaTypeFamily): string {
  return convertMediaType(OCI_CONFIG, family)
}

export function isIndexMediaType(mediaType: string): boolean {
  return mediaType === OCI_INDEX || mediaType === DOCKER_MANIFEST_LIST
}

export function isManifestMediaType(mediaType: string): boolean {
  return mediaType === OCI_MANIFEST || mediaType === DOCKER_MANIFEST
}

/** Whether it is that of an image, of one platform or of several. */
export function isImageMediaType(mediaType: string): boolean {
  return isIndexMediaType(mediaType) || isManifestMediaType(mediaType)
}

/** The family of a manifest's or an index's media type. */
export function familyOf(mediaType: string): MediaTypeFamily {
  return mediaType.startsWith('application/vnd.docker.') ? 'docker' : 'oci'
}

/** The family of an index over manifests of these media types: Docker's where all of them are. */
export function familyOfAll(mediaTypes: readonly string[]): MediaTypeFamily {
  return mediaTypes.every((mediaType) => familyOf(mediaType) === 'docker') ? 'docker' : 'oci'
}

function layerTypeOf(mediaType: string): LayerType | undefined {
  return LAYERS.find(({ oci, docker }) => mediaType === oci || mediaType === docker)
}
