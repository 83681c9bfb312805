import { cacheDirectory } from '../cache-directory.js'
import { InputError } from '../errors.js'
import { createResource } from '../graph/resource.js'
import { IMAGE_NAME, mergeDescriptors, REF_NAME, storedDescriptor } from '../image/layout-index.js'
import type { Blob } from './blob.js'
import type { Added } from './blob-directory.js'
import { type Collected, type CollectionLimits, collect } from './collect.js'
import type { Descriptor } from './descriptor.js'
import type { Digest } from './digest.js'
import { removeLeftovers } from './pending-name.js'
import type { Records } from './records.js'
import { createStoreLayout, type StoreLayout } from './store-layout.js'
import { type VerifyReport, verifyStore } from './verify-store.js'

/**
 * The image store: an OCI layout directory that any OCI tool reads and that any number of processes use at once. It
 * is made when something is added to it; one that is not there is empty.
 */
export interface Store {
  readonly directory: string
  /** What index.json lists, in its order. */
  images(): Promise<readonly StoredImage[]>
  /** The root that a full name points to. */
  resolve(name: string): Promise<Descriptor | null>
  /** Bytes of a blob, or null where it is absent; says nothing of its soundness. */
  size(digest: Digest): Promise<number | null>
  /** A blob that is verified while it is read, or null where it is absent. */
  blob(descriptor: Descriptor): Promise<Blob | null>
  /** Begins to add blobs. Release it when names point to them, or when all is off. */
  lease(): Promise<Lease>
  /**
   * Points names to a root that was added: full names, as `formatReference` spells them. Without any, the root is
   * listed without a name. The signal ends the wait for others who do the same.
   *
   * @throws InputError if the root isn't there
   */
  name(root: Descriptor, names: readonly string[], signal?: AbortSignal): Promise<void>
  /** Removes names, or all names of a digest, and gives those that were there. Blobs stay until `collect`. */
  remove(names: readonly string[]): Promise<readonly string[]>
  /** Removes what no name leads to, all of it or down to a limit. */
  collect(limits?: CollectionLimits): Promise<Collected>
  /** Reads every blob and reports those that are damaged or missing. */
  verify(onBytes?: (bytes: number) => void): Promise<VerifyReport>
  /** Room for what else is worth keeping between runs. */
  readonly records: Records
}

export interface StoredImage {
  /** Null for one that no name points to. */
  readonly name: string | null
  readonly descriptor: Descriptor
}

/** What is added or found through a lease survives any collection until it is released, or its process ends. */
export interface Lease {
  /** Makes sure that the blob is there, whole. One that is there is verified first, and healed. */
  add(blob: Blob, signal?: AbortSignal): Promise<Added>
  /** Keeps a blob if it is there: its size, or null. */
  keep(digest: Digest, signal?: AbortSignal): Promise<number | null>
  release(): Promise<void>
}

/** The store that stages use: the one in the user's cache directory, unless a run is given another. */
export const storeResource = createResource<Store>('image store', () => openStore(cacheDirectory('store')))

/** The store in `directory`. Opens nothing yet. */
export function openStore(directory: string): Store {
  const layout = createStoreLayout(directory)
  const { index, blobs, records } = layout
  return {
    directory,
    records,
    images: async () => (await index.read()).map((descriptor) => ({ name: nameOf(descriptor), descriptor })),
    resolve: async (name) => (await index.read()).find((descriptor) => nameOf(descriptor) === name) ?? null,
    size: (digest) => blobs.size(digest),
    blob: async (descriptor) => ((await blobs.size(descriptor.digest)) === null ? null : blobs.open(descriptor)),
    lease: () => beginLease(layout),
    name: (root, names, signal) => nameRoot(layout, root, names, signal),
    remove: (names) => removeNames(layout, names),
    collect: (limits = {}) => collect(layout, limits),
    verify: (onBytes = () => {}) => verifyStore(layout, onBytes)
  }
}

async function beginLease({ leases, index, blobs, ingest }: StoreLayout): Promise<Lease> {
  const record = await leases.begin()
  const keep = async (digest: Digest, signal?: AbortSignal): Promise<number | null> => {
    await record.note(digest)
    // What is there may be about to be collected: only under the lock it is certain that it stays.
    return (await blobs.size(digest)) === null ? null : index.exclusively(() => blobs.size(digest), signal)
  }
  await removeLeftovers(ingest).catch(() => {}) // there may be no such directory yet
  return {
    keep,
    add: async (blob, signal) => {
      await keep(blob.descriptor.digest, signal)
      return blobs.add(blob, signal)
    },
    release: () => record.release()
  }
}

function nameRoot(
  { index, blobs, root: directory }: StoreLayout,
  root: Descriptor,
  names: readonly string[],
  signal?: AbortSignal
): Promise<void> {
  const added = names.length === 0 ? [root] : names.map((name) => storedDescriptor(root, name))
  return index.update(async (present) => {
    if ((await blobs.size(root.digest)) === null) {
      throw new InputError({
        operation: 'name image',
        subject: `store ${directory}`,
        expected: root.digest,
        found: 'no such blob'
      })
    }
    return mergeDescriptors(present, added)
  }, signal)
}

async function removeNames({ index }: StoreLayout, names: readonly string[]): Promise<readonly string[]> {
  const fitting = (descriptor: Descriptor) => names.filter((name) => isCalled(descriptor, name))
  const found = new Set((await index.read()).flatMap(fitting))
  if (found.size > 0) await index.update((present) => present.filter((descriptor) => fitting(descriptor).length === 0))
  return names.filter((name) => found.has(name))
}

function isCalled(descriptor: Descriptor, name: string): boolean {
  return name === nameOf(descriptor) || name === descriptor.digest
}

function nameOf({ annotations }: Descriptor): string | null {
  return annotations?.[IMAGE_NAME] ?? annotations?.[REF_NAME] ?? null
}
