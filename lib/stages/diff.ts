import { Readable } from 'node:stream'
import type { Entry, EntryBatch } from '../diff/entry.js'
import type { ComparedXattrs } from '../diff/same.js'
import type { Snapshot } from '../diff/snapshot.js'
import { type Stage, stage } from '../graph/node.js'
import { type Body, createBody, type ReaderOptions } from '../streams/body.js'
import { generate } from '../streams/generate.js'
import type { Outline } from '../tar/outline.js'
import { checkedSnapshot } from './check-snapshot.js'
import type { Changeset, ImageEnd, LayerSource } from './items.js'
import { createReading, type Reading, type ReadingPart } from './reading.js'

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

const diffStage = stage<Required<DiffOptions>, LayerSource | ImageEnd, Changeset | ImageEnd>(
  'diff',
  ({ xattrs }, context) =>
    generate<LayerSource | ImageEnd, Changeset | ImageEnd>(async function* (items) {
      const reading = createReading(context)
      for await (const item of items) yield item.kind === 'image' ? item : await changesetOf(item, xattrs, reading)
      reading.complete()
    })
)

/** Loads what reads stored layers and what compares trees only where there are any. */
async function changesetOf(item: LayerSource, xattrs: ComparedXattrs, reading: Reading): Promise<Changeset> {
  const { history } = item
  if (item.kind === 'stored') {
    const { entriesOf } = await import('./stored.js')
    const part = reading.expect(item.layer.blob.descriptor.size)
    const body = entriesOf({ ...item.layer, blob: part.blob(item.layer.blob) })
    return { kind: 'changeset', body: { ...body, discard: part.discard }, stored: item.layer, history }
  }
  const { key, name } = item
  const [lower, upper] = [item.lower && checkedSnapshot(item.lower), checkedSnapshot(item.upper)]
  const entries = await readerOf(lower, upper, xattrs)
  const contents: Outline['contents'] = (some, reader) => upper.contents(some, reader)
  return {
    kind: 'changeset',
    ...(key && { key }),
    ...(name && { outline: { name, entries, contents } }),
    body: bodyOf({ lower, upper }, entries, reading.expect(null)),
    stored: null,
    history
  }
}

type ComparedSnapshots = Pick<Extract<LayerSource, { kind: 'snapshot' }>, 'lower' | 'upper'>

type OpenEntries = () => AsyncIterable<readonly Entry[]>

async function readerOf(lower: Snapshot | null, upper: Snapshot, xattrs: ComparedXattrs): Promise<OpenEntries> {
  if (lower === null) return () => upper.walk()
  const { changedEntries } = await import('../diff/changeset.js')
  return () => changedEntries(lower, upper, xattrs)
}

/** Only what is compared with nothing can be walked ahead: comparing may mean to read. */
function bodyOf({ lower, upper }: ComparedSnapshots, entries: OpenEntries, part: ReadingPart): Body {
  const walk = lower === null ? entries : null
  const contents = (reader?: ReaderOptions) => upper.contents(entries(), reader)
  const open = (batches: AsyncIterable<EntryBatch>) => Readable.from(batches, { objectMode: true, highWaterMark: 1 })
  return createBody((reader) => open(part.entries(contents(reader), walk)), {
    again: (reader) => open(contents(reader)),
    discard: part.discard
  })
}
