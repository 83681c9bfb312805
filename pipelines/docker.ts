import { type Node, pipe } from '../lib/graph/index.js'
import { archive } from '../lib/stages/archive.js'
import type { Receipt } from '../lib/stages/items.js'
import { layout } from '../lib/stages/layout.js'
import { load } from '../lib/stages/load.js'
import type { ImageSource } from './changes.js'
import { hashing, imageBlobs } from './image-blobs.js'
import { checked } from './options/check-options.js'
import type { DockerOptions } from './options/docker.js'
import type { OciOptions } from './options/oci.js'

/**
 * What `docker load` reads, which is an OCI layout as well: as a tar or as a directory. Without a destination it is
 * loaded into Docker or Podman.
 */
export const docker = (image: ImageSource, given: DockerOptions): Node<Receipt> => {
  const options = resolve(checked('docker', given))
  const { destination, names, tar } = options
  const blobs = imageBlobs(image, options, 'docker', hashing(options))
  if (destination === null) return pipe(blobs, load({ names }))
  return pipe(blobs, (tar ? archive : layout)({ exporter: 'docker', destination, names }))
}

/** An engine keeps layers uncompressed: what would be compressed for it would only be decompressed again. */
function resolve({ compression, ...options }: DockerOptions): OciOptions {
  return { ...options, compression: compression ?? [options.destination === null ? 'uncompressed' : 'gzip'] }
}
