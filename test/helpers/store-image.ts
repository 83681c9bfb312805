import type { Digest } from '../../lib/blob/digest.js'
import type { Store } from '../../lib/blob/store.js'
import { rootOf } from '../../lib/image/layout-files.js'
import { imageBlobs } from './image-blobs.js'

export const NAME = 'docker.io/library/app:1'

/** Adds an image of these layers, as text, and gives the digest of its root. */
export async function addImage(store: Store, names: readonly string[], layers: readonly string[]): Promise<Digest> {
  const blobs = imageBlobs(layers)
  const lease = await store.lease()
  for (const { blob } of blobs) await lease.add(blob)
  await store.name(rootOf(blobs), names)
  await lease.release()
  return rootOf(blobs).digest
}
