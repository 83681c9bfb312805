import { type Node, pipe } from '../lib/graph/index.js'
import { comparesTrees } from '../lib/source/image-of.js'
import { diff } from '../lib/stages/diff.js'
import type { Changeset, ImageEnd, LayerSource } from '../lib/stages/items.js'

/** What every exporter starts from: the layers of one image or several, each image closed by its ImageEnd. */
export type ImageSource = Node<LayerSource | ImageEnd>

/**
 * What each layer changes. Trees that are compared differ by the extended attributes that the exporter keeps; where
 * none are, all exporters share one pass.
 */
export const changes = (image: ImageSource, xattrs: 'capability' | 'all'): Node<Changeset | ImageEnd> =>
  pipe(image, diff(comparesTrees(image) ? { xattrs } : {}))
