import { type Node, pipe } from '../lib/graph/index.js'
import type { Receipt } from '../lib/stages/items.js'
import { upload } from '../lib/stages/upload.js'
import type { ImageSource } from './changes.js'
import { imageBlobs } from './image-blobs.js'
import type { ImageOptions } from './options/image.js'

/** An image in the registries that its names lie in, whatever else is asked for. */
export const pushed = (image: ImageSource, options: ImageOptions): Node<Receipt> =>
  pipe(imageBlobs(image, options, 'docker'), upload(target(options)))

function target({ names, pushByDigest, insecure }: ImageOptions) {
  return { names, pushByDigest, insecure }
}
