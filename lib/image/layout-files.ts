import { type Blob, memoryBlob } from '../blob/blob.js'
import type { Descriptor } from '../blob/descriptor.js'
import type { ImageBlob, ManifestParts } from '../stages/items.js'
import { blobPath, createDockerManifest, type DockerManifestFields } from './docker-manifest.js'
import { createLayoutIndex, createLayoutMarker } from './index-document.js'
import { namedDescriptors } from './layout-index.js'
import { localPlatform } from './platform.js'
import { choosePlatform } from './platform-choice.js'
import { familiarName, parseReference } from './reference.js'

/** Annotation of a descriptor in index.json (image-spec, annotations.md). */
const CREATED = 'org.opencontainers.image.created'

/** One file of an OCI layout, with its path from the layout's root. */
export interface LayoutFile {
  readonly path: string
  readonly mode: number
  readonly blob: Blob
}

export interface LayoutOptions {
  /** Full, as `formatReference` spells them. */
  readonly names: readonly string[]
  /** Whether `docker load` has to understand it: adds manifest.json. */
  readonly docker: boolean
}

/** A file of a layout that is no blob. */
export interface LayoutDocument {
  readonly path: string
  readonly mode: number
  readonly bytes: Buffer
}

/**
 * The files of an OCI layout (image-spec, image-layout.md) in byte order of their paths, each blob once.
 *
 * @param blobs as they come out of `assemble`, the root last
 */
export function layoutFiles(blobs: readonly ImageBlob[], options: LayoutOptions): readonly LayoutFile[] {
  const documents = layoutDocuments(blobs, options).map(({ path, mode, bytes }) => ({
    path,
    mode,
    blob: memoryBlob(bytes, { mediaType: 'application/json' })
  }))
  return [...blobFiles(blobs), ...documents].sort((a, b) => (a.path < b.path ? -1 : 1))
}

/** The files of a layout besides its blobs: index.json, oci-layout and, for Docker, manifest.json. */
export function layoutDocuments(blobs: readonly ImageBlob[], options: LayoutOptions): readonly LayoutDocument[] {
  const index = createLayoutIndex(namedDescriptors(rootOf(blobs), options.names))
  const images = options.docker ? createDockerManifest(dockerImages(blobs, options.names)) : null
  return [
    { path: 'index.json', mode: 0o644, bytes: index },
    ...(images ? [{ path: 'manifest.json', mode: 0o644, bytes: images }] : []),
    { path: 'oci-layout', mode: 0o444, bytes: createLayoutMarker() }
  ]
}

/**
 * The descriptor that names point to, as index.json lists it: with its annotations and platform, and with the newest
 * `created` of its images.
 */
export function rootOf(blobs: readonly ImageBlob[]): Descriptor {
  const root = blobs.findLast((blob) => blob.root)
  if (root === undefined) throw new RangeError('an image without a root')
  const { descriptor } = root.blob
  const newest = blobs
    .flatMap(({ manifest }) => manifest?.created ?? [])
    .sort()
    .at(-1)
  return newest === undefined
    ? descriptor
    : { ...descriptor, annotations: { [CREATED]: newest, ...descriptor.annotations } }
}

function blobFiles(blobs: readonly ImageBlob[]): readonly LayoutFile[] {
  const files = new Map(blobs.map(({ blob }) => [blobPath(blob.descriptor.digest), blob]))
  return [...files].map(([path, blob]) => ({ path, mode: 0o444, blob }))
}

/** What manifest.json lists: the image for this machine's platform, or the first where none runs on it. */
export function dockerImages(blobs: readonly ImageBlob[], names: readonly string[]): readonly DockerManifestFields[] {
  const manifests = blobs.flatMap(({ manifest }) => (manifest ? [manifest] : []))
  const chosen = choosePlatform(localPlatform(), manifests, ({ platform }) => platform) ?? manifests[0]
  return chosen ? [dockerImage(chosen, names)] : []
}

function dockerImage({ config, layers }: ManifestParts, names: readonly string[]): DockerManifestFields {
  return {
    config: config.digest,
    names: names.map((name) => familiarName(parseReference(name))),
    layers: layers.map((layer) => layer.digest)
  }
}
