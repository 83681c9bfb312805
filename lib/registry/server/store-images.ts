import { join } from 'node:path'
import type { Readable } from 'node:stream'
import type { Digest } from '../../blob/digest.js'
import { reachable } from '../../blob/reachable.js'
import type { Store, StoredImage } from '../../blob/store.js'
import { createLimit } from '../../graph/limit.js'
import { blobPath } from '../../image/docker-manifest.js'
import { OCI_INDEX, OCI_MANIFEST } from '../../image/media-types.js'
import { parseReference } from '../../image/reference.js'
import { fieldAt, jsonOrNull, textAt } from '../../loose-json.js'
import { readManifestRecord } from './manifest-document.js'
import type { ContentPool, Repositories } from './storage.js'

/**
 * Repositories that hold the images of a store as well: `localhost:5000/demo/app:1` there is `demo/app:1` here. An
 * image is taken over when its repository is first asked for, its blobs by links, so that neither a collection in
 * the store nor a deletion here touches the other.
 */
export function withStoreImages(store: Store, own: Repositories, contents: ContentPool): Repositories {
  const turn = createLimit(1)
  const takeOver = async (repository: string): Promise<void> => {
    for (const image of await store.images()) {
      const place = placeOf(image)
      if (place?.repository !== repository || (await isServed(store, image))) continue
      await importImage(image, repository, { store, own, contents })
      await own.setTag(repository, place.tag, image.descriptor.digest)
      await store.records.put(SERVED, image.name ?? '', image.descriptor.digest)
    }
  }
  const current = async (repository: string): Promise<Repositories> => {
    await turn.run(() => takeOver(repository))
    return own
  }
  return {
    ...bound(own),
    async names() {
      const places = (await store.images()).flatMap((image) => placeOf(image)?.repository ?? [])
      return [...new Set([...(await own.names()), ...places])].sort()
    },
    hasBlob: async (repository, digest) => (await current(repository)).hasBlob(repository, digest),
    manifest: async (repository, digest) => (await current(repository)).manifest(repository, digest),
    tag: async (repository, tag) => (await current(repository)).tag(repository, tag),
    tags: async (repository) => (await current(repository)).tags(repository),
    referrers: async (repository, subject) => (await current(repository)).referrers(repository, subject)
  }
}

/** Store records of which root was taken over under which name: once, so that a deletion lasts. */
const SERVED = 'served'

function bound(
  own: Repositories
): Pick<Repositories, 'addBlob' | 'removeBlob' | 'addManifest' | 'removeManifest' | 'setTag' | 'removeTag'> {
  return {
    addBlob: (repository, digest) => own.addBlob(repository, digest),
    removeBlob: (repository, digest) => own.removeBlob(repository, digest),
    addManifest: (repository, record) => own.addManifest(repository, record),
    removeManifest: (repository, digest) => own.removeManifest(repository, digest),
    setTag: (repository, tag, digest) => own.setTag(repository, tag, digest),
    removeTag: (repository, tag) => own.removeTag(repository, tag)
  }
}

function placeOf({ name }: StoredImage): { readonly repository: string; readonly tag: string } | null {
  try {
    const { path, tag } = parseReference(name ?? '')
    return tag === undefined ? null : { repository: path, tag }
  } catch {
    return null // a name of another kind, which no registry could have
  }
}

async function isServed({ records }: Store, { name, descriptor }: StoredImage): Promise<boolean> {
  return (await records.get(SERVED, name ?? '')) === descriptor.digest
}

interface Parts {
  readonly store: Store
  readonly own: Repositories
  readonly contents: ContentPool
}

async function importImage(
  { descriptor }: StoredImage,
  repository: string,
  { store, own, contents }: Parts
): Promise<void> {
  const documents = new Map<Digest, Buffer>()
  const read = async (digest: Digest, limit: number): Promise<Buffer | null> => {
    const size = await store.size(digest)
    if (size === null || size > limit) return null
    const blob = await store.blob({ mediaType: '', digest, size })
    const bytes = blob && (await readAll(blob.open()))
    if (bytes) documents.set(digest, bytes)
    return bytes
  }
  for (const digest of (await reachable([descriptor], read)).keys()) {
    if ((await store.size(digest)) === null) continue
    // In this order: bytes that no repository shows may be collected.
    await own.addBlob(repository, digest)
    await contents.link(digest, join(store.directory, blobPath(digest)))
    const mediaType = mediaTypeOf(documents.get(digest))
    const bytes = documents.get(digest)
    if (mediaType !== null && bytes) await own.addManifest(repository, readManifestRecord(bytes, digest, mediaType))
  }
}

/** What a document is that may leave its media type to its descriptor; null for what is no manifest. */
function mediaTypeOf(bytes: Buffer | undefined): string | null {
  const document = bytes && jsonOrNull(bytes.toString())
  const mediaType = textAt(document, 'mediaType')
  if (mediaType !== null) return mediaType
  return fieldAt(document, 'manifests') ? OCI_INDEX : fieldAt(document, 'layers') ? OCI_MANIFEST : null
}

async function readAll(stream: Readable): Promise<Buffer> {
  return Buffer.concat(await stream.toArray())
}
