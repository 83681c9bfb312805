import { type Node, pipe } from '../lib/graph/index.js'
import { archive } from '../lib/stages/archive.js'
import type { Receipt } from '../lib/stages/items.js'
import { hashing, type ImageSource, imageBlobs } from './image-blobs.js'
import type { DockerOptions } from './options/docker.js'

/** What `docker load` reads, which is an OCI layout as well. */
export const docker = (image: ImageSource, options: DockerOptions): Node<Receipt> =>
  pipe(
    imageBlobs(image, options, 'docker', hashing(options)),
    archive({ exporter: 'docker', destination: options.destination ?? '-', names: options.names })
  )
