import { join } from 'node:path'
import { InputError } from '../errors.js'
import { isThere } from './is-there.js'
import type { StoreLayout } from './store-layout.js'

/**
 * Whether there is anything to collect in a directory. Its blobs are only taken for a store's where a store says so:
 * other programs keep theirs in the same way, and without an index all of them are needless.
 *
 * @throws InputError where there is something else, or the index is missing
 */
export async function hasStore({ root, index }: Pick<StoreLayout, 'root' | 'index'>): Promise<boolean> {
  const has = (name: string) => isThere(join(root, name))
  const look = () => Promise.all(['index.json', 'oci-layout', 'blobs'].map(has))
  const seen = await look()
  const own = await has('.layerpipe')
  // Whoever makes a store writes its index last, while nobody else may look.
  const [listed, marker, blobs] = own ? await index.exclusively(look) : seen
  if (listed || (own && !marker)) return true
  if (!blobs) return false
  throw new InputError({
    operation: 'collect garbage',
    subject: root,
    expected: 'an image store with its index.json',
    found: marker ? 'an OCI layout without one' : 'another directory',
    advice: 'name the store’s directory with --store; nothing was removed'
  })
}
