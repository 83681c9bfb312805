import { type Blob, memoryBlob } from '../../lib/blob/blob.js'
import { createConfig } from '../../lib/image/config.js'
import { createIndex } from '../../lib/image/index-document.js'
import { createManifest } from '../../lib/image/manifest.js'
import { OCI_CONFIG, OCI_INDEX, OCI_LAYER, OCI_MANIFEST } from '../../lib/image/media-types.js'
import type { Platform } from '../../lib/image/platform.js'
import type { ImageBlob } from '../../lib/stages/items.js'

/** What `assemble` gives for an image with these layers; their bytes are not tars, which blob code must not mind. */
export function imageBlobs(layers: readonly string[], platform: Platform = AMD64, root = true): readonly ImageBlob[] {
  const blobs = layers.map((layer) => memoryBlob(Buffer.from(layer), { mediaType: OCI_LAYER }))
  const diffIDs = blobs.map((blob) => blob.descriptor.digest)
  const config = memoryBlob(createConfig({ platform, config: {}, diffIDs, history: [] }), { mediaType: OCI_CONFIG })
  const descriptors = blobs.map((blob) => blob.descriptor)
  const bytes = createManifest({ family: 'oci', config: config.descriptor, layers: descriptors })
  const manifest = memoryBlob(bytes, { mediaType: OCI_MANIFEST, platform })
  return [
    ...blobs.map((blob) => item('layer', blob, false)),
    item('config', config, false),
    {
      ...item('manifest', manifest, root),
      manifest: { config: config.descriptor, layers: descriptors, diffIDs, platform, created: null }
    }
  ]
}

/** What `assemble` gives for one image on several platforms: an index over them. */
export function indexBlobs(layers: readonly string[], platforms: readonly Platform[]): readonly ImageBlob[] {
  const images = platforms.map((platform) => imageBlobs([...layers, platform.architecture], platform, false))
  const manifests = images.flatMap((blobs) => blobs.slice(-1)).map(({ blob }) => blob.descriptor)
  const index = memoryBlob(createIndex({ family: 'oci', manifests }), { mediaType: OCI_INDEX })
  return [...images.flat(), item('index', index, true)]
}

export const AMD64: Platform = { architecture: 'amd64', os: 'linux' }
export const ARM64: Platform = { architecture: 'arm64', os: 'linux' }

function item(role: ImageBlob['role'], blob: Blob, root: boolean): ImageBlob {
  return { kind: 'blob', role, blob, root }
}
