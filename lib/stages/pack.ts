import type { Context } from '../graph/context.js'
import { canonicalJson } from '../graph/json.js'
import { type Stage, stage } from '../graph/node.js'
import { type Body, mapBody, type ReaderOptions } from '../streams/body.js'
import { generate } from '../streams/generate.js'
import { digestBlocks, type TarSummary } from '../tar/digest-blocks.js'
import { type Outline, packOutline, type TarOutline } from '../tar/outline.js'
import { type PackOptions, packEntries } from '../tar/pack.js'
import { createDroppedXattrs, type DroppedXattrs } from './dropped-xattrs.js'
import type { Changeset, ImageEnd, Layer, StoredLayer } from './items.js'
import type { TarListener } from './stored.js'

/** Changesets in, layers as tar out, hashed on the way: one diffID however many codecs follow. */
export const pack = (options: PackOptions = {}): Stage<Changeset | ImageEnd, Layer | ImageEnd> =>
  packStage({ xattrs: 'capability', latest: null, roundTimes: false, ...options })

const packStage = stage<PackOptions, Changeset | ImageEnd, Layer | ImageEnd>('pack', (options, context) =>
  generate<Changeset | ImageEnd, Layer | ImageEnd>(async function* (items) {
    let packed = 0
    const onPacked = ({ size }: TarSummary): void => {
      packed += size
      context.progress(0, packed)
    }
    for await (const item of items) yield item.kind === 'image' ? item : await layerOf(item, options, context, onPacked)
  })
)

async function layerOf(
  changeset: Changeset,
  options: PackOptions,
  context: Context,
  onPacked: (summary: TarSummary) => void
): Promise<Layer> {
  const { stored, history, key, outline } = changeset
  let settle: (summary: TarSummary) => void = () => {}
  const summary = new Promise<TarSummary>((resolve) => {
    settle = resolve
  })
  const count = (bytes: number): void => context.progress(bytes)
  const dropped = createDroppedXattrs(context.note)
  const through = ({ givesBack = false }: ReaderOptions) => [
    packEntries(options, { onDropped: dropped.add, lends: givesBack }),
    digestBlocks(settleNoting, count)
  ]
  const packed = (): Body => mapBody(changeset.body, through, { givesBack: true })
  const settleNoting = (found: TarSummary): void => {
    dropped.report()
    onPacked(found)
    settle(found)
  }
  return {
    kind: 'layer',
    ...(key && { key: canonicalJson([key, options]) }),
    ...(outline && { outline: outlineOf(outline, options, createDroppedXattrs(context.note)) }),
    body: stored ? await unchanged(changeset, stored, { onEnd: settleNoting, onBytes: count }) : packed(),
    stored,
    summary,
    history
  }
}

/** Loads what reads layers only where there is one that stays as it is. */
async function unchanged({ body }: Changeset, stored: StoredLayer, listener: TarListener): Promise<Body> {
  const { blocksOf } = await import('./stored.js')
  body.discard()
  return blocksOf(stored, listener)
}

function outlineOf(outline: Outline, options: PackOptions, dropped: DroppedXattrs): TarOutline {
  const entries = async function* () {
    yield* outline.entries()
    dropped.report()
  }
  return packOutline({ ...outline, entries }, options, dropped.add)
}
