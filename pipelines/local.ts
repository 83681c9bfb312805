import { type Node, pipe } from '../lib/graph/index.js'
import { flatten } from '../lib/stages/flatten.js'
import type { Receipt } from '../lib/stages/items.js'
import { save } from '../lib/stages/save.js'
import { changes, type ImageSource } from './changes.js'
import { checked } from './options/check-options.js'
import type { LocalOptions } from './options/local.js'

/** The merged root file system as a directory. */
export const local = (image: ImageSource, options: LocalOptions): Node<Receipt> => {
  const { destination } = checked('local', options)
  return pipe(changes(image, 'all'), flatten(), save({ exporter: 'local', ...options, destination: destination ?? '' }))
}
