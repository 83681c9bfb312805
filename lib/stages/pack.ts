import type { Context } from '../graph/context.js'
import { canonicalJson } from '../graph/json.js'
import { type Stage, stage } from '../graph/node.js'
import { type Body, mapBody } from '../streams/body.js'
import { generate } from '../streams/generate.js'
import { digestBlocks, type TarSummary } from '../tar/digest-blocks.js'
import { type PackOptions, packEntries } from '../tar/pack.js'
import { createDroppedXattrs } from './dropped-xattrs.js'
import type { Changeset, ImageEnd, Layer } from './items.js'
import { blocksOf } from './stored.js'

/** Changesets in, layers as tar out, hashed on the way: one diffID however many codecs follow. */
export const pack = (options: PackOptions = {}): Stage<Changeset | ImageEnd, Layer | ImageEnd> =>
  packStage({ xattrs: 'capability', latest: null, roundTimes: false, ...options })

const packStage = stage<PackOptions, Changeset | ImageEnd, Layer | ImageEnd>('pack', (options, context) =>
  generate<Changeset | ImageEnd, Layer | ImageEnd>(async function* (items) {
    for await (const item of items) yield item.kind === 'image' ? item : layerOf(item, options, context)
  })
)

function layerOf(changeset: Changeset, options: PackOptions, context: Context): Layer {
  const { stored, history, key } = changeset
  let settle: (summary: TarSummary) => void = () => {}
  const summary = new Promise<TarSummary>((resolve) => {
    settle = resolve
  })
  const count = (bytes: number): void => context.progress(bytes)
  const dropped = createDroppedXattrs(context.note)
  const packed = (): Body =>
    mapBody(changeset.body, () => [packEntries(options, dropped.add), digestBlocks(settleNoting, count)])
  const settleNoting = (found: TarSummary): void => {
    dropped.report()
    settle(found)
  }
  if (stored) changeset.body.discard()
  const named = key && { key: canonicalJson([key, options]) }
  return { kind: 'layer', ...named, body: stored ? blocksOf(stored, settle) : packed(), stored, summary, history }
}
