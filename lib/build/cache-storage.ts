import { buffer } from 'node:stream/consumers'
import type { Blob } from '../blob/blob.js'
import type { Descriptor } from '../blob/descriptor.js'
import type { Digest } from '../blob/digest.js'
import { openStore } from '../blob/store.js'
import { InputError } from '../errors.js'
import { OCI_MANIFEST } from '../image/media-types.js'
import { formatReference, parseReference } from '../image/reference.js'
import type { RegistryClient, Remote } from '../registry/client.js'
import { registryBlob } from '../registry/fetch-blob.js'
import { fetchManifest } from '../registry/manifests.js'
import { finishedBlob, pushBlob } from '../registry/push-blob.js'
import { pushManifest } from '../registry/push-manifest.js'
import type { UploadJournal } from '../registry/upload-journal.js'
import { decodeCache, encodeCache, type SharedLayer } from './cache-manifest.js'

/** Where a build cache is shared: a directory, which may hold several, or a name in a registry. */
export type CacheLocation = DirectoryLocation | { readonly type: 'registry'; readonly name: string }

export interface DirectoryLocation {
  readonly type: 'local'
  readonly directory: string
  /** What the cache is called there. */
  readonly tag: string
  /** Which one is read, whatever it is called. */
  readonly digest: Digest | null
}

/** Where a build cache is written. */
export interface CacheExport {
  readonly location: CacheLocation
  /** Whether a run fails with it; otherwise there is a note. */
  readonly required: boolean
}

/** A shared cache. Its methods fail where it is not there, or cannot be reached. */
export interface CacheStorage {
  load(): Promise<readonly SharedLayer[]>
  blob(descriptor: Descriptor): Promise<Blob | null>
  /** Replaces what it lists. */
  save(layers: readonly SharedLayer[], blobs: readonly Blob[]): Promise<void>
}

/** What speaks to registries for a cache. */
export interface CacheConnection {
  readonly client: RegistryClient
  readonly journal: UploadJournal
}

/** A shared cache at a location. Opens nothing yet. */
export function openCacheStorage(location: CacheLocation, connection: CacheConnection): CacheStorage {
  if (location.type === 'local') return directoryStorage(location)
  return registryStorage(location.name, connection)
}

/** In a directory, which is an OCI layout. */
function directoryStorage({ directory, tag, digest }: DirectoryLocation): CacheStorage {
  const store = openStore(directory)
  const name = formatReference(parseReference(`cache:${tag}`))
  const findRoot = async (): Promise<Descriptor | null> => {
    if (digest === null) return store.resolve(name)
    const found = (await store.images()).find(({ descriptor }) => descriptor.digest === digest)
    return found?.descriptor ?? null
  }
  return {
    async load() {
      const root = await findRoot()
      const blob = root && (await store.blob(root))
      if (blob) return decodeCache(await buffer(blob.open()), `cache ${directory}`)
      throw new InputError({ operation: 'open cache', subject: directory, expected: 'a build cache', found: 'none' })
    },
    blob: (descriptor) => store.blob(descriptor),
    async save(layers, blobs) {
      const { config, manifest } = encodeCache(layers)
      const lease = await store.lease()
      try {
        for (const blob of [...blobs, config, manifest]) await lease.add(blob)
        await store.name(manifest.descriptor, [name])
      } finally {
        await lease.release()
      }
    }
  }
}

function registryStorage(name: string, { client, journal }: CacheConnection): CacheStorage {
  const { domain, path, tag = 'latest', digest } = parseReference(name)
  const remote: Remote = client.remote({ host: domain, repository: path })
  const push = (blob: Blob) =>
    pushBlob({
      remote,
      journal,
      blob: finishedBlob(blob),
      mountFrom: [],
      journalKey: blob.descriptor.digest,
      progress: () => {}
    })
  return {
    async load() {
      const { bytes, descriptor } = await fetchManifest(remote, digest ?? tag)
      return descriptor.mediaType === OCI_MANIFEST ? decodeCache(bytes, remote.subject) : []
    },
    blob: async (descriptor) => registryBlob(remote, descriptor),
    async save(layers, blobs) {
      const { config, manifest } = encodeCache(layers)
      const all = [...blobs, config]
      const sendAll = async (): Promise<void> => void (await Promise.all(all.map(push)))
      await sendAll()
      await pushManifest({ remote, manifest, reference: tag, repair: sendAll })
    }
  }
}
