import { buffer } from 'node:stream/consumers'
import type { Descriptor } from '../blob/descriptor.js'
import type { Store } from '../blob/store.js'
import { parseManifestOrIndex } from '../image/documents.js'
import { isImageMediaType } from '../image/media-types.js'

/**
 * Bytes of an image in a store, with all its documents and layers, or of something else that is listed there; null
 * where it is not all there. Throws InputError for a damaged document.
 */
export async function imageSize(store: Store, root: Descriptor): Promise<number | null> {
  const blob = await store.blob(root)
  if (blob === null) return null
  if (!isImageMediaType(root.mediaType)) return root.size
  const subject = `store ${store.directory}, ${root.digest}`
  const parsed = parseManifestOrIndex(await buffer(blob.open()), root.mediaType, subject)
  if (parsed.kind === 'manifest') {
    const { config, layers } = parsed.document
    return root.size + [config, ...layers].reduce((sum, { size }) => sum + size, 0)
  }
  const sizes = await Promise.all(parsed.document.manifests.map((manifest) => imageSize(store, manifest)))
  return sizes.reduce((sum, size) => (sum === null || size === null ? null : sum + size), root.size)
}
