import { Readable } from 'node:stream'
import { dropWhiteouts } from '../diff/drop-whiteouts.js'
import type { EntryBatch } from '../diff/entry.js'
import { implyDirectories } from '../diff/imply-directories.js'
import { layerSnapshots } from '../diff/layered.js'
import type { Context } from '../graph/context.js'
import { type Stage, stage } from '../graph/node.js'
import type { History } from '../image/config.js'
import { createBody, mapBody } from '../streams/body.js'
import { generate } from '../streams/generate.js'
import { createImageLayers, type ImageLayers, takeItem } from './image-layers.js'
import type { Changeset, ImageEnd } from './items.js'
import { createReading, type ReadingPart } from './reading.js'

/**
 * The layers of each image merged into one changeset without whiteouts: the file system that they stand for.
 *
 * A single layer that was made here is passed through. Several are merged by way of a spool, and so is one that an image
 * came with, whose tar may have any order and directories twice: they come out in walk order. Parents that no layer has
 * come out as directories.
 */
export const flatten: () => Stage<Changeset | ImageEnd, Changeset | ImageEnd> = () => flattenStage(null)

type Item = Changeset | ImageEnd

const flattenStage = stage<null, Item, Item>('flatten', (_parameters, context) =>
  generate<Item, Item>((items) => flattenImages(items, context))
)

async function* flattenImages(items: AsyncIterable<Item>, context: Context): AsyncGenerator<Item> {
  const iterator = items[Symbol.asyncIterator]()
  const reading = createReading(context)
  for (let head = await takeItem(iterator); head; head = await takeItem(iterator)) {
    if (head.kind === 'image') {
      yield emptyChangeset()
      yield head
      continue
    }
    // One item ahead can be looked at, because it comes before anybody has read the body of the one at hand.
    const next = head.stored ? null : await takeItem(iterator)
    const ahead = next?.kind === 'changeset' ? [head, next] : [head]
    const layers = head.stored || ahead.length > 1 ? createImageLayers(ahead, iterator) : null
    yield layers ? await merge(layers, context, reading.expect(null)) : asFileSystem(head)
    const end = layers ? layers.end : next
    if (end) yield end
  }
  reading.complete()
}

async function merge(layers: ImageLayers, context: Context, part: ReadingPart): Promise<Changeset> {
  const merged = await layerSnapshots(layers, { spool: () => context.temporary(), keepWhiteouts: false })
  const open = () => readAll(part.entries(merged.contents(merged.walk()), () => merged.walk()))
  return createChangeset(open, layers.history)
}

function readAll(batches: AsyncIterable<EntryBatch>): Readable {
  return Readable.from(batches, { objectMode: true, highWaterMark: 1 })
}

function asFileSystem({ body, history }: Changeset): Changeset {
  const through = () => [dropWhiteouts(), implyDirectories()]
  return { kind: 'changeset', body: mapBody(body, through), stored: null, history }
}

function emptyChangeset(): Changeset {
  return createChangeset(() => Readable.from([]), [])
}

function createChangeset(open: () => Readable, history: readonly History[]): Changeset {
  return { kind: 'changeset', body: createBody(open, { again: open }), stored: null, history }
}
