import { type Node, pipe } from '../lib/graph/index.js'
import { archive } from '../lib/stages/archive.js'
import type { Receipt } from '../lib/stages/items.js'
import { layout } from '../lib/stages/layout.js'
import { hashing, type ImageSource, imageBlobs } from './image-blobs.js'
import type { DockerOptions } from './options/docker.js'

/** What `docker load` reads, which is an OCI layout as well: as a tar or as a directory. */
export const docker = (image: ImageSource, options: DockerOptions): Node<Receipt> =>
  pipe(
    imageBlobs(image, options, 'docker', hashing(options)),
    options.tar ? archive(target(options)) : layout(target(options))
  )

function target({ destination, names }: DockerOptions) {
  return { exporter: 'docker', destination: destination ?? '-', names } as const
}
