import type { Annotations, Descriptor } from '../blob/descriptor.js'
import { InputError } from '../errors.js'
import type { ImageConfigDocument } from './config.js'
import { isIndexMediaType, isManifestMediaType } from './media-types.js'
import { parseJson } from './parse-json.js'
import { type Checked, check, schemas } from './schemas.js'

interface RootDocument {
  readonly mediaType?: string
  readonly artifactType?: string
  readonly subject?: Descriptor
  readonly annotations?: Annotations
}

/** An image index (image-spec, image-index.md) or a Docker manifest list. */
export interface IndexDocument extends RootDocument {
  readonly manifests: readonly Descriptor[]
}

/** An image manifest (image-spec, manifest.md) or a Docker one. */
export interface ManifestDocument extends RootDocument {
  readonly config: Descriptor
  readonly layers: readonly Descriptor[]
}

/** One image of a `docker save` archive; paths from the archive's root. */
export interface DockerManifestEntry {
  readonly Config: string
  readonly RepoTags: readonly string[]
  readonly Layers: readonly string[]
}

export type ManifestOrIndex =
  | { readonly kind: 'index'; readonly document: IndexDocument }
  | { readonly kind: 'manifest'; readonly document: ManifestDocument }

/*
 * All of these take the bytes of a document that came from outside, and a phrase that says where from. They throw
 * an InputError that says what is wrong with it. Documents over 4 MiB are refused.
 */

/**
 * Reads a manifest or an index, whichever it is. `mediaType` is what the descriptor or the registry said; the document
 * has to agree with it.
 */
export function parseManifestOrIndex(bytes: Buffer, mediaType: string | null, subject: string): ManifestOrIndex {
  const value = parseJson(bytes, subject)
  refuseOldSchema(value, subject)
  const own = checkMediaType(value, mediaType, subject)
  const isIndex = own === null ? 'manifests' in value : isIndexMediaType(own)
  if (own !== null && !isIndex && !isManifestMediaType(own)) throw notAnImage(own, subject)
  if (isIndex) return { kind: 'index', document: demand(check(schemas().index, value), 'an image index', subject) }
  return { kind: 'manifest', document: demand(check(schemas().manifest, value), 'an image manifest', subject) }
}

/** Reads a layout's `index.json`. */
export function parseLayoutIndex(bytes: Buffer, subject: string): IndexDocument {
  const result = parseManifestOrIndex(bytes, null, subject)
  if (result.kind === 'index') return result.document
  throw new InputError({ operation: 'read index', subject, expected: 'an image index', found: 'an image manifest' })
}

/** Reads an image config. */
export function parseConfig(bytes: Buffer, subject: string): ImageConfigDocument {
  return demand(check(schemas().config, parseJson(bytes, subject)), 'an image config', subject)
}

/** Reads a layout's `oci-layout`. */
export function checkLayoutMarker(bytes: Buffer, subject: string): void {
  demand(check(schemas().layoutMarker, parseJson(bytes, subject)), 'an OCI layout of version 1', subject)
}

/** Reads the `manifest.json` of a `docker save` archive. */
export function parseDockerManifest(bytes: Buffer, subject: string): readonly DockerManifestEntry[] {
  return demand(check(schemas().dockerManifest, parseJson(bytes, subject)), 'the manifest.json of docker save', subject)
}

function demand<T>(checked: Checked<T>, expected: string, subject: string): T {
  if (checked.ok) return checked.document
  throw new InputError({ operation: 'read document', subject, expected, found: checked.found })
}

function refuseOldSchema(value: object, subject: string): void {
  if (!('fsLayers' in value) && !('schemaVersion' in value && value.schemaVersion === 1)) return
  throw new InputError({
    operation: 'read manifest',
    subject,
    expected: 'an OCI manifest or a Docker manifest of schema 2',
    found: 'a Docker manifest of schema 1, which has no config and whose layers cannot be verified',
    advice: 'push the image again with a current tool'
  })
}

/** The media type that counts, or null where nobody says one. */
function checkMediaType(value: object, expected: string | null, subject: string): string | null {
  const operation = 'read manifest'
  if ('manifests' in value && ('layers' in value || 'config' in value)) {
    throw new InputError({ operation, subject, expected: 'a manifest or an index', found: 'a document that is both' })
  }
  const own = 'mediaType' in value && typeof value.mediaType === 'string' ? value.mediaType : null
  if (own !== null && expected !== null && own !== expected) {
    throw new InputError({ operation, subject, expected: `the media type ${expected}`, found: own })
  }
  const type = own ?? expected
  const isIndex = 'manifests' in value
  const isManifest = 'layers' in value || 'config' in value
  if (type === null || !(isIndexMediaType(type) ? isManifest : isManifestMediaType(type) && isIndex)) return type
  throw new InputError({
    operation,
    subject,
    expected: `what ${type} names`,
    found: isIndex ? 'an index' : 'a manifest'
  })
}

function notAnImage(mediaType: string, subject: string): InputError {
  return new InputError({
    operation: 'read manifest',
    subject,
    expected: 'an image manifest or an image index',
    found: `the media type ${JSON.stringify(mediaType)}`
  })
}
