import { UsageError } from '../lib/errors.js'
import { join, type Node, pipe } from '../lib/graph/index.js'
import { combine } from '../lib/stages/combine.js'
import type { Receipt } from '../lib/stages/items.js'
import { keep } from '../lib/stages/keep.js'
import type { ImageSource } from './changes.js'
import { imageBlobs } from './image-blobs.js'
import { checked } from './options/check-options.js'
import type { ImageOptions } from './options/image.js'
import { pushed } from './pushed.js'

/** An image in the image store, in registries, or in both. */
export const image = (source: ImageSource, given: ImageOptions): Node<Receipt> => {
  const options = checked('image', given)
  const stored = pipe(imageBlobs(source, options, 'docker'), keep(names(options)))
  if (!options.store && !options.push) throw nothingToDo()
  const sent = options.push ? [pushed(source, options)] : []
  return pipe(join([...(options.store ? [stored] : []), ...sent]), combine({ exporter: 'image' }))
}

function nothingToDo(): UsageError {
  return new UsageError({
    operation: 'read output',
    subject: 'store=false',
    expected: 'somewhere for the image to go',
    found: 'neither the store nor a registry',
    advice: 'add push=true, or use type=cacheonly to do the work and keep nothing'
  })
}

function names({ names, nameCanonical, danglingNamePrefix }: ImageOptions) {
  return { names, canonical: nameCanonical, danglingPrefix: danglingNamePrefix }
}
