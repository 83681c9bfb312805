import { blockCache } from '../codec/block-cache.js'
import type { CodecName, CompressionResult } from '../codec/codec.js'
import { codecOf } from '../codec/codec-of.js'
import { codecByName } from '../codec/index.js'
import type { Context } from '../graph/context.js'
import { canonicalJson } from '../graph/json.js'
import { type Stage, stage } from '../graph/node.js'
import { mapBody, type ReaderOptions } from '../streams/body.js'
import { generate } from '../streams/generate.js'
import type { CompressedLayer, CompressionSummary, ImageEnd, Layer, StoredLayer } from './items.js'
import { layerCache } from './layer-cache.js'
import { createMissingPaths } from './missing-paths.js'
import { recallOutlined } from './recall-outlined.js'

/** What a user says about compression. */
export interface CompressionOptions {
  readonly compression: CodecName
  /** Null is the codec's default. */
  readonly level: number | null
  /** Whether layers of existing images are compressed anew where their codec is another. */
  readonly force: boolean
  /** Paths that a lazily pulled layer should have first; estargz only. */
  readonly prioritized?: readonly string[]
}

/** The same with all defaults filled in: what the node's key is made of. */
export type CompressionParameters = {
  readonly codec: CodecName
  readonly version: string
  readonly level: number | null
  readonly force: boolean
  readonly prioritized: readonly string[]
}

/** Layer tars in, compressed layers out. A stored layer stays as it is, unless `force` says otherwise. */
export function compress(options: CompressionOptions): Stage<Layer | ImageEnd, CompressedLayer | ImageEnd> {
  return compressStage(resolveCompression(options))
}

export function resolveCompression(options: CompressionOptions): CompressionParameters {
  const { levels, version } = codecByName(options.compression)
  return {
    codec: options.compression,
    version,
    level: levels === null ? null : (options.level ?? levels.default),
    force: options.force,
    prioritized: options.prioritized ?? []
  }
}

const compressStage = stage<CompressionParameters, Layer | ImageEnd, CompressedLayer | ImageEnd>(
  'compress',
  (parameters, context) =>
    generate<Layer | ImageEnd, CompressedLayer | ImageEnd>(async function* (items) {
      const missing = createMissingPaths(parameters.prioritized, context.note)
      for await (const item of items) {
        const layer = item.kind === 'image' ? item : await compressLayer(item, parameters, context)
        missing.add(layer)
        yield layer
      }
    })
)

/** One layer: kept, or made before, or else to be compressed when its body is read. */
export async function compressLayer(
  layer: Layer,
  parameters: CompressionParameters,
  context: Context
): Promise<CompressedLayer> {
  if (layer.stored && (await isKept(layer.stored, parameters))) return keepLayer(layer, layer.stored, context)
  return (await recall(layer, parameters, context)) ?? compressed(layer, parameters, context)
}

/** Whether a stored layer stays: nobody asked for more, or it is as asked already. */
async function isKept({ blob }: StoredLayer, { codec, force }: CompressionParameters): Promise<boolean> {
  return !force || (await codecOf(blob)) === codec
}

/** A stored layer as it is. */
export function keepLayer({ body, history }: Layer, layer: StoredLayer, context: Context): CompressedLayer {
  body.discard()
  context.begin(`keeping layer ${layer.blob.descriptor.digest}`)('cached')
  return { kind: 'kept', layer, newest: null, history }
}

/** The layer that an earlier run made of the same, compressed in the same way. */
async function recall(
  layer: Layer,
  parameters: CompressionParameters,
  context: Context
): Promise<CompressedLayer | null> {
  const key = keyOf(layer, parameters)
  const found = key === undefined ? null : await context.resource(layerCache)?.find(key)
  if (!found) return null
  layer.body.discard()
  const { blob, diffID, newest } = found
  context.begin(`layer ${blob.descriptor.digest}, made before`)('cached')
  return { kind: 'kept', layer: { blob, diffID }, newest, history: layer.history }
}

function keyOf({ key }: Layer, parameters: CompressionParameters): string | undefined {
  return key && canonicalJson([key, parameters])
}

async function compressed(layer: Layer, parameters: CompressionParameters, context: Context): Promise<CompressedLayer> {
  const { codec, level, prioritized } = parameters
  const priorities = prioritized.length > 0 ? { paths: prioritized, temporary: context.temporary } : null
  const earlier = await recallOutlined(layer, codecByName(codec), level ?? 0, context)
  let settle: (result: CompressionResult) => void = () => {}
  const result = new Promise<CompressionResult>((resolve) => {
    settle = resolve
  })
  const { compress: start, format, givesBack = false } = codecByName(codec)
  const through = (reader: ReaderOptions) => {
    const compressor = start({
      level: level ?? 0,
      lends: reader.givesBack ?? false,
      budget: context.budget,
      priorities,
      cache: context.resource(blockCache),
      name: layer.outline?.name ?? null,
      outlined: earlier !== null
    })
    compressor.stream.once('end', () => settle(compressor.finish()))
    return [compressor.stream]
  }
  const key = keyOf(layer, parameters)
  const body = mapBody(earlier ?? layer.body, through, { givesBack })
  return {
    kind: 'compressed',
    ...(key && { key }),
    body: format === 'uncompressed' ? { ...body, digest: layer.summary.then(({ diffID }) => diffID) } : body,
    codec,
    level,
    recompressed: layer.stored !== null,
    summary: summarize(layer, result),
    history: layer.history
  }
}

async function summarize(layer: Layer, result: Promise<CompressionResult>): Promise<CompressionSummary> {
  const { newest, ...own } = await result
  if (own.diffID !== undefined && newest !== undefined) return { ...own, diffID: own.diffID, newest }
  const tar = await layer.summary
  return { ...own, diffID: own.diffID ?? tar.diffID, newest: tar.newest }
}
