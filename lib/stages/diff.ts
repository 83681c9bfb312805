import { Readable } from 'node:stream'
import type { Entry } from '../diff/entry.js'
import type { ComparedXattrs } from '../diff/same.js'
import type { Snapshot } from '../diff/snapshot.js'
import { type Stage, stage } from '../graph/node.js'
import { type Body, createBody, type Open } from '../streams/body.js'
import { generate } from '../streams/generate.js'
import type { Outline } from '../tar/outline.js'
import type { Changeset, ImageEnd, LayerSource } from './items.js'

export type DiffOptions = {
  /** The extended attributes of which a change counts: those that layers will keep. Default `capability`. */
  readonly xattrs?: ComparedXattrs
}

/**
 * Snapshots in, changesets out: the entries that were added, modified or deleted since the snapshot below, or all
 * entries where there is none. A stored layer's changeset is what its tar says.
 */
export const diff = ({
  xattrs = 'capability'
}: DiffOptions = {}): Stage<LayerSource | ImageEnd, Changeset | ImageEnd> => diffStage({ xattrs })

const diffStage = stage<Required<DiffOptions>, LayerSource | ImageEnd, Changeset | ImageEnd>('diff', ({ xattrs }) =>
  generate<LayerSource | ImageEnd, Changeset | ImageEnd>(async function* (items) {
    for await (const item of items) yield item.kind === 'image' ? item : await changesetOf(item, xattrs)
  })
)

/** Loads what reads stored layers and what compares trees only where there are any. */
async function changesetOf(item: LayerSource, xattrs: ComparedXattrs): Promise<Changeset> {
  const { history } = item
  if (item.kind === 'stored') {
    const { entriesOf } = await import('./stored.js')
    return { kind: 'changeset', body: entriesOf(item.layer), stored: item.layer, history }
  }
  const { lower, upper, key, name } = item
  const entries = await readerOf(lower, upper, xattrs)
  const contents: Outline['contents'] = (some, reader) => upper.contents(some, reader)
  return {
    kind: 'changeset',
    ...(key && { key }),
    ...(name && { outline: { name, entries, contents } }),
    body: bodyOf(upper, entries),
    stored: null,
    history
  }
}

type OpenEntries = () => AsyncIterable<readonly Entry[]>

async function readerOf(lower: Snapshot | null, upper: Snapshot, xattrs: ComparedXattrs): Promise<OpenEntries> {
  if (lower === null) return () => upper.walk()
  const { changedEntries } = await import('../diff/changeset.js')
  return () => changedEntries(lower, upper, xattrs)
}

function bodyOf(upper: Snapshot, entries: OpenEntries): Body {
  const open: Open = (reader) =>
    Readable.from(upper.contents(entries(), reader), { objectMode: true, highWaterMark: 1 })
  return createBody(open, { again: open })
}
