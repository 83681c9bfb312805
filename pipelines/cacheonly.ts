import { type Node, pipe } from '../lib/graph/index.js'
import { diff } from '../lib/stages/diff.js'
import { exhaust } from '../lib/stages/exhaust.js'
import type { Receipt } from '../lib/stages/items.js'
import { pack } from '../lib/stages/pack.js'
import type { ImageSource } from './image-blobs.js'

/** Does the work and exports nothing: what was made stays in the build cache. */
export const cacheonly = (image: ImageSource): Node<Receipt> => pipe(image, diff(), pack(), exhaust())
