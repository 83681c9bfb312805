import { Readable } from 'node:stream'
import type { EntryBatch } from '../../lib/diff/entry.js'
import type { Node } from '../../lib/graph/node.js'
import { source } from '../../lib/graph/node.js'
import type { Platform } from '../../lib/image/platform.js'
import type { Changeset, ImageEnd } from '../../lib/stages/items.js'
import { createBody } from '../../lib/streams/body.js'

/** What `flatten` gives for images of these entries, in the order of the platforms. */
export function flatImages(
  images: Readonly<Record<string, () => Iterable<EntryBatch> | AsyncIterable<EntryBatch>>>
): Node<Changeset | ImageEnd> {
  const items = Object.entries(images).flatMap(([platform, batches]) => flatItems(platform, batches))
  return source<null, Changeset | ImageEnd>('flat images', () => Readable.from(items))(null)
}

/** One image of some entries, in one batch. */
export function flatImage(...batches: readonly EntryBatch[]): Node<Changeset | ImageEnd> {
  return flatImages({ 'linux/amd64': () => [batches.flat()] })
}

/** One image, as items. */
export function flatItems(
  name: string,
  batches: () => Iterable<EntryBatch> | AsyncIterable<EntryBatch>
): readonly [Changeset, ImageEnd] {
  const [os = '', architecture = '', variant] = name.split('/')
  const platform: Platform = { os, architecture, ...(variant && { variant }) }
  return [
    { kind: 'changeset', body: createBody(() => Readable.from(batches())), stored: null, history: [] },
    { kind: 'image', platform, config: {}, history: [] }
  ]
}
