import { type Node, pipe } from '../lib/graph/index.js'
import { diff } from '../lib/stages/diff.js'
import { flatten } from '../lib/stages/flatten.js'
import type { Receipt } from '../lib/stages/items.js'
import { save } from '../lib/stages/save.js'
import type { ImageSource } from './image-blobs.js'
import type { LocalOptions } from './options/local.js'

/** The merged root file system as a directory. */
export const local = (image: ImageSource, options: LocalOptions): Node<Receipt> =>
  pipe(image, diff(), flatten(), save({ exporter: 'local', ...options, destination: options.destination ?? '.' }))
