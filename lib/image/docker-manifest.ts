import { algorithmOf, type Digest, hexOf } from '../blob/digest.js'
import { compactJson } from './canonical-json.js'
import type { DockerManifestEntry } from './documents.js'

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
  return compactJson(images.map(toEntry))
}

/** As `createDockerManifest`, for a layout that has images already: those keep the names that no new one takes. */
export function mergeDockerManifest(
  present: readonly DockerManifestEntry[],
  added: readonly DockerManifestFields[]
): Buffer {
  const names = new Set(added.flatMap((image) => image.names))
  const entries = added.map(toEntry)
  const kept = present
    .filter(({ Config, RepoTags }) => RepoTags.length > 0 || entries.every((entry) => entry.Config !== Config))
    .map((entry) => ({ entry, left: entry.RepoTags.filter((name) => !names.has(name)) }))
    .filter(({ entry, left }) => left.length > 0 || entry.RepoTags.length === 0)
    .map(({ entry, left }) => ({ ...entry, RepoTags: left.length > 0 ? left : null }))
  return compactJson([...kept, ...entries])
}

function toEntry({ config, names, layers }: DockerManifestFields) {
  return { Config: blobPath(config), RepoTags: names.length > 0 ? names : null, Layers: layers.map(blobPath) }
}

/** Where a layout keeps a blob, from the layout's root (image-spec, image-layout.md, "Blobs"). */
export function blobPath(digest: Digest): string {
  return `blobs/${algorithmOf(digest)}/${hexOf(digest)}`
}
