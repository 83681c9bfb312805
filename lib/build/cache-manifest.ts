import { type Blob, memoryBlob } from '../blob/blob.js'
import type { Descriptor } from '../blob/descriptor.js'
import { type Digest, digestOf, isDigest } from '../blob/digest.js'
import { parseManifestOrIndex } from '../image/documents.js'
import { createManifest } from '../image/manifest.js'
import { OCI_MANIFEST } from '../image/media-types.js'

/*
 * A shared build cache is an artifact that any registry and any layout can hold: a manifest whose layers are the
 * cached ones, each with annotations that say what it was made from.
 */

/** A layer in a shared cache. */
export interface SharedLayer {
  /** Digest of the key that it is found by. */
  readonly key: Digest
  readonly descriptor: Descriptor
  readonly diffID: Digest
  readonly newest: number | null
}

const ARTIFACT_TYPE = 'application/vnd.layerpipe.cache.v1'
const KEY = 'dev.layerpipe.cache.key'
const DIFF_ID = 'dev.layerpipe.cache.diff-id'
const NEWEST = 'dev.layerpipe.cache.newest'

/** The config of an artifact that has none (image-spec, manifest.md, "Guidance for an Empty Descriptor"). */
const EMPTY = memoryBlob(Buffer.from('{}'), { mediaType: 'application/vnd.oci.empty.v1+json' })

/** The documents of a shared cache, children first. */
export function encodeCache(layers: readonly SharedLayer[]): { readonly config: Blob; readonly manifest: Blob } {
  const bytes = createManifest({
    family: 'oci',
    artifactType: ARTIFACT_TYPE,
    config: EMPTY.descriptor,
    layers: layers.map(({ key, descriptor, diffID, newest }) => ({
      ...descriptor,
      annotations: {
        ...descriptor.annotations,
        [KEY]: key,
        [DIFF_ID]: diffID,
        ...(newest !== null && { [NEWEST]: String(newest) })
      }
    }))
  })
  return { config: EMPTY, manifest: memoryBlob(bytes, { mediaType: OCI_MANIFEST }) }
}

/** The layers that a shared cache lists. What is not one is left out. Throws InputError for what is no manifest. */
export function decodeCache(bytes: Buffer, subject: string): readonly SharedLayer[] {
  const parsed = parseManifestOrIndex(bytes, OCI_MANIFEST, subject)
  return parsed.kind === 'index' ? [] : parsed.document.layers.flatMap(readLayer)
}

function readLayer({ annotations = {}, ...descriptor }: Descriptor): readonly SharedLayer[] {
  const { [KEY]: key = '', [DIFF_ID]: diffID = '', [NEWEST]: newest, ...rest } = annotations
  if (!isDigest(key) || !isDigest(diffID) || (newest !== undefined && !/^-?\d{1,12}$/.test(newest))) return []
  const described = Object.keys(rest).length > 0 ? { ...descriptor, annotations: rest } : descriptor
  return [{ key, descriptor: described, diffID, newest: newest === undefined ? null : Number(newest) }]
}

/** What a layer is found by in a shared cache. */
export function sharedKey(key: string): Digest {
  return digestOf(key)
}
