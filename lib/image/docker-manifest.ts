import { algorithmOf, type Digest, hexOf } from '../blob/digest.js'
import { compactJson } from './canonical-json.js'

/** One image of a `docker save` archive. */
export interface DockerManifestFields {
  readonly config: Digest
  /** Familiar names with their tags: "foo:latest". */
  readonly names: readonly string[]
  /** Lowest first. */
  readonly layers: readonly Digest[]
}

/** The bytes of the `manifest.json` that makes a layout loadable with `docker load`. */
export function createDockerManifest(images: readonly DockerManifestFields[]): Buffer {
  return compactJson(
    images.map(({ config, names, layers }) => ({
      Config: blobPath(config),
      RepoTags: names.length > 0 ? names : null,
      Layers: layers.map(blobPath)
    }))
  )
}

/** Where a layout keeps a blob, from the layout's root (image-spec, image-layout.md, "Blobs"). */
export function blobPath(digest: Digest): string {
  return `blobs/${algorithmOf(digest)}/${hexOf(digest)}`
}
