import { type Node, pipe } from '../lib/graph/index.js'
import { archive } from '../lib/stages/archive.js'
import type { Receipt } from '../lib/stages/items.js'
import { layout } from '../lib/stages/layout.js'
import type { ImageSource } from './changes.js'
import { hashing, imageBlobs } from './image-blobs.js'
import { checked } from './options/check-options.js'
import type { OciOptions } from './options/oci.js'

/** An OCI image layout, as a tar or as a directory. */
export const oci = (image: ImageSource, given: OciOptions): Node<Receipt> => {
  const options = checked('oci', given)
  const blobs = imageBlobs(image, options, 'oci', hashing(options))
  return pipe(blobs, options.tar ? archive(target(options)) : layout(target(options)))
}

function target({ destination, names }: OciOptions) {
  return { exporter: 'oci', destination: destination ?? '-', names } as const
}
