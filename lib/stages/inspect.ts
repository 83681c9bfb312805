import type { Digest } from '../blob/digest.js'
import { declaredCodecOf } from '../codec/codec-of.js'
import type { CodecName } from '../codec/index.js'
import type { Entry, EntryBatch } from '../diff/entry.js'
import { type Stage, stage } from '../graph/index.js'
import type { History } from '../image/config.js'
import { generate } from '../streams/generate.js'
import type { ImageEnd, LayerSource, StoredLayer } from './items.js'
import { entriesOf } from './stored.js'

/** What is known of an image without exporting it. */
export interface ImageReport extends ImageEnd {
  /** Lowest first. */
  readonly layers: readonly LayerReport[]
}

export interface LayerReport {
  /** Null for a directory, which is no layer yet. */
  readonly stored: StoredReport | null
  /** In the order of the layer; null where they were not asked for. */
  readonly entries: readonly Entry[] | null
  readonly createdBy: string
  /** Its own step last, after those before it that changed only the config. */
  readonly history: readonly History[]
}

export interface StoredReport {
  readonly mediaType: string
  readonly digest: Digest
  readonly diffID: Digest
  /** Bytes, compressed. */
  readonly size: number
  readonly codec: CodecName
}

export type InspectOptions = {
  /** Whether layers are read, for their entries. */
  readonly entries: boolean
}

/** Images in, one report of them all out. */
export const inspect: (options: InspectOptions) => Stage<LayerSource | ImageEnd, readonly ImageReport[]> = stage<
  InspectOptions,
  LayerSource | ImageEnd,
  readonly ImageReport[]
>('inspect', ({ entries }) =>
  generate<LayerSource | ImageEnd, readonly ImageReport[]>(async function* (items) {
    const images: ImageReport[] = []
    const layers: LayerReport[] = []
    for await (const item of items) {
      if (item.kind !== 'image') layers.push(await inspectLayer(item, entries))
      else images.push({ ...item, layers: layers.splice(0) })
    }
    yield images
  })
)

async function inspectLayer(layer: LayerSource, entries: boolean): Promise<LayerReport> {
  return {
    stored: layer.kind === 'stored' ? describeStored(layer.layer) : null,
    entries: entries ? await collect(layer.kind === 'stored' ? storedEntries(layer.layer) : layer.upper.walk()) : null,
    createdBy: layer.history.at(-1)?.created_by ?? '',
    history: layer.history
  }
}

function describeStored({ blob, diffID }: StoredLayer): StoredReport {
  const { mediaType, digest, size } = blob.descriptor
  return { mediaType, digest, diffID, size, codec: declaredCodecOf(blob.descriptor) }
}

async function* storedEntries(layer: StoredLayer): AsyncGenerator<readonly Entry[]> {
  const batches: AsyncIterable<EntryBatch> = entriesOf(layer).open()
  for await (const batch of batches) yield batch.flatMap((each) => (Buffer.isBuffer(each) ? [] : [each]))
}

async function collect(batches: AsyncIterable<readonly Entry[]>): Promise<readonly Entry[]> {
  const all: Entry[] = []
  for await (const batch of batches) for (const entry of batch) all.push(entry)
  return all
}
