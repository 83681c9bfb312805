import { type Node, pipe } from '../lib/graph/index.js'
import { compress } from '../lib/stages/compress.js'
import { exhaust } from '../lib/stages/exhaust.js'
import { hash } from '../lib/stages/hash.js'
import type { Receipt } from '../lib/stages/items.js'
import { pack } from '../lib/stages/pack.js'
import { changes, type ImageSource } from './changes.js'
import type { ManifestOptions } from './documents.js'
import { imageLayers } from './image-blobs.js'

/** Makes the layers as images have them by default, and exports nothing: what was made stays in the build cache. */
export const cacheonly = (image: ImageSource): Node<Receipt> =>
  pipe(
    changes(image, 'capability'),
    pack(),
    compress({ compression: 'gzip', level: null, force: false }),
    hash(),
    exhaust()
  )

/** As `cacheonly`, with the layers as an exporter of images with these options has them. */
export const cacheonlyAs = (image: ImageSource, options: ManifestOptions): Node<Receipt> =>
  pipe(imageLayers(image, options), exhaust())
