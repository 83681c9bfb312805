import type { Node } from '../lib/graph/index.js'
import type { Receipt } from '../lib/stages/items.js'
import type { ImageSource } from './changes.js'
import { image } from './image.js'
import { checked } from './options/check-options.js'
import type { ImageOptions } from './options/image.js'
import { pushed } from './pushed.js'

/** An image in the registries that its names lie in; with `store`, also in the image store. */
export const registry = (source: ImageSource, given: ImageOptions): Node<Receipt> => {
  const options = checked('registry', given)
  return options.push && !options.store ? pushed(source, options) : image(source, options)
}
