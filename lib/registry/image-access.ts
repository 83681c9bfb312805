import type { Descriptor } from '../blob/descriptor.js'
import { InputError } from '../errors.js'
import { isIndexMediaType, isManifestMediaType } from '../image/media-types.js'
import { LARGEST_DOCUMENT, tooLarge } from '../image/parse-json.js'
import type { ImageAccess } from '../image/resolved-image.js'
import type { Remote } from './client.js'
import { registryBlob } from './fetch-blob.js'
import { fetchManifest } from './manifests.js'
import { readBytes } from './read-text.js'

/** The documents and blobs of a repository. Layers are only fetched when they are opened. */
export function accessRepository(remote: Remote, signal?: AbortSignal): ImageAccess {
  const { subject } = remote
  return {
    subject,
    async document(descriptor) {
      const { digest, size, mediaType } = descriptor
      if (size > LARGEST_DOCUMENT) throw tooLarge(size, `${subject}, ${digest}`)
      if (!isIndexMediaType(mediaType) && !isManifestMediaType(mediaType))
        return fetchDocument(remote, descriptor, signal)
      const { bytes } = await fetchManifest(remote, digest, signal)
      if (bytes.length === size) return bytes
      const found = `${bytes.length}`
      throw new InputError({
        operation: 'get manifest',
        subject: `${subject}@${digest}`,
        expected: `${size} bytes`,
        found
      })
    },
    blob: async (descriptor) => registryBlob(remote, descriptor, signal)
  }
}

function fetchDocument(remote: Remote, descriptor: Descriptor, signal?: AbortSignal): Promise<Buffer> {
  return readBytes(registryBlob(remote, descriptor, signal).open(), descriptor.size)
}
