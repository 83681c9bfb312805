import { type Node, pipe } from '../lib/graph/index.js'
import { archive } from '../lib/stages/archive.js'
import type { Receipt } from '../lib/stages/items.js'
import { type ImageSource, imageBlobs } from './image-blobs.js'
import type { OciOptions } from './options/oci.js'

/** An OCI image layout, as a tar or as a directory. */
export const oci = (image: ImageSource, options: OciOptions): Node<Receipt> =>
  pipe(
    imageBlobs(image, options, 'oci'),
    archive({ exporter: 'oci', destination: options.destination ?? '-', names: options.names })
  )
