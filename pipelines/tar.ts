import { type Node, pipe } from '../lib/graph/index.js'
import { deliverTar } from '../lib/stages/deliver-tar.js'
import { flatten } from '../lib/stages/flatten.js'
import type { Receipt } from '../lib/stages/items.js'
import { changes, type ImageSource } from './changes.js'
import { checked } from './options/check-options.js'
import type { TarOptions } from './options/tar.js'

/** The merged root file system as one tar. */
export const tar = (image: ImageSource, options: TarOptions): Node<Receipt> =>
  pipe(changes(image, 'all'), flatten(), deliverTar({ exporter: 'tar', ...place(checked('tar', options)) }))

function place({ destination, compression, compressionLevel, platformSplit, include, exclude }: TarOptions) {
  return { destination: destination ?? '-', compression, level: compressionLevel, platformSplit, include, exclude }
}
