import { type Node, pipe } from '../lib/graph/index.js'
import { deliverTar } from '../lib/stages/deliver-tar.js'
import { diff } from '../lib/stages/diff.js'
import { flatten } from '../lib/stages/flatten.js'
import type { Receipt } from '../lib/stages/items.js'
import type { ImageSource } from './image-blobs.js'
import type { TarOptions } from './options/tar.js'

/** The merged root file system as one tar. */
export const tar = (image: ImageSource, options: TarOptions): Node<Receipt> =>
  pipe(image, diff(), flatten(), deliverTar({ exporter: 'tar', ...place(options) }))

function place({ destination, compression, compressionLevel, platformSplit, include, exclude }: TarOptions) {
  return { destination: destination ?? '-', compression, level: compressionLevel, platformSplit, include, exclude }
}
