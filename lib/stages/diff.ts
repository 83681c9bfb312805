import { Readable } from 'node:stream'
import { changedEntries } from '../diff/changeset.js'
import type { Snapshot } from '../diff/snapshot.js'
import { type Stage, stage } from '../graph/node.js'
import { type Body, createBody } from '../streams/body.js'
import { generate } from '../streams/generate.js'
import type { Changeset, ImageEnd, LayerSource } from './items.js'
import { entriesOf } from './stored.js'

/**
 * Snapshots in, changesets out: the entries that were added, modified or deleted since the snapshot below, or all
 * entries where there is none. A stored layer's changeset is what its tar says.
 */
export const diff: () => Stage<LayerSource | ImageEnd, Changeset | ImageEnd> = () => diffStage(null)

const diffStage = stage<null, LayerSource | ImageEnd, Changeset | ImageEnd>('diff', () =>
  generate<LayerSource | ImageEnd, Changeset | ImageEnd>(async function* (items) {
    for await (const item of items) yield item.kind === 'image' ? item : changesetOf(item)
  })
)

function changesetOf(item: LayerSource): Changeset {
  const { history } = item
  if (item.kind === 'stored') return { kind: 'changeset', body: entriesOf(item.layer), stored: item.layer, history }
  const { lower, upper, key } = item
  return { kind: 'changeset', ...(key && { key }), body: compared(lower, upper), stored: null, history }
}

function compared(lower: Snapshot | null, upper: Snapshot): Body {
  const open = (): Readable => {
    const entries = lower === null ? upper.walk() : changedEntries(lower, upper)
    return Readable.from(upper.contents(entries), { objectMode: true, highWaterMark: 1 })
  }
  return createBody(open, { again: open })
}
