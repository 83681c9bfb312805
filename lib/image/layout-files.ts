import { type Blob, memoryBlob } from '../blob/blob.js'
import type { ImageBlob, ManifestParts } from '../stages/items.js'
import { blobPath, createDockerManifest, type DockerManifestFields } from './docker-manifest.js'
import { createLayoutIndex, createLayoutMarker } from './index-document.js'
import { namedDescriptors } from './layout-index.js'
import { localPlatform } from './platform.js'
import { choosePlatform } from './platform-choice.js'
import { familiarName, parseReference } from './reference.js'

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

/**
 * The files of an OCI layout (image-spec, image-layout.md) in byte order of their paths, each blob once.
 *
 * @param blobs as they come out of `assemble`, the root last
 */
export function layoutFiles(blobs: readonly ImageBlob[], options: LayoutOptions): readonly LayoutFile[] {
  const root = rootOf(blobs)
  const index = createLayoutIndex(namedDescriptors(root, options.names))
  const files = [
    ...blobFiles(blobs),
    documentFile('index.json', 0o644, index),
    documentFile('oci-layout', 0o444, createLayoutMarker()),
    ...(options.docker
      ? [documentFile('manifest.json', 0o644, createDockerManifest(dockerImages(blobs, options.names)))]
      : [])
  ]
  return files.sort((a, b) => (a.path < b.path ? -1 : 1))
}

/** The descriptor that names point to, with the annotations and the platform that index.json lists. */
export function rootOf(blobs: readonly ImageBlob[]): Blob['descriptor'] {
  const root = blobs.findLast((blob) => blob.root)
  if (root === undefined) throw new RangeError('an image without a root')
  return root.blob.descriptor
}

/** The blobs of a layout, each digest once. */
export function blobFiles(blobs: readonly ImageBlob[]): readonly LayoutFile[] {
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

function documentFile(path: string, mode: number, bytes: Buffer): LayoutFile {
  return { path, mode, blob: memoryBlob(bytes, { mediaType: 'application/json' }) }
}
