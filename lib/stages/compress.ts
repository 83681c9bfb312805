import { formatSetting, type Setting } from '../benchmark/setting.js'
import { blockCache } from '../codec/block-cache.js'
import { chunkDigests } from '../codec/chunk-digests.js'
import type { CodecName, CompressionResult } from '../codec/codec.js'
import { codecOf, declaredCodecOf } from '../codec/codec-of.js'
import { codecByName } from '../codec/index.js'
import { resolveLevel } from '../codec/level.js'
import type { Context } from '../graph/context.js'
import { canonicalJson } from '../graph/json.js'
import { type Stage, stage } from '../graph/node.js'
import { mapBody, type ReaderOptions } from '../streams/body.js'
import { generate } from '../streams/generate.js'
import { CHOSEN_COMPRESSION } from './chosen-compression.js'
import type { CompressedLayer, CompressionSummary, ImageEnd, Layer, StoredLayer } from './items.js'
import { layerCache } from './layer-cache.js'
import { createMissingPaths } from './missing-paths.js'
import { recallOutlined } from './recall-outlined.js'

/** What a user says about compression. */
export interface CompressionOptions {
  readonly compression: CodecName
  /** Null is the codec's default. */
  readonly level: number | null
  /** Whether layers of existing images are compressed anew where their codec, or a level that is given, is another. */
  readonly force: boolean
  /** Whether layers say which setting they have, in an annotation. Default: where a level is forced. */
  readonly recorded?: boolean
  /** Paths that a lazily pulled layer should have first; estargz only. */
  readonly prioritized?: readonly string[]
}

/** The same with all defaults filled in: what the node's key is made of. */
export type CompressionParameters = {
  readonly codec: CodecName
  readonly version: string
  readonly level: number | null
  readonly force: boolean
  readonly recorded: boolean
  readonly prioritized: readonly string[]
}

/** Layer tars in, compressed layers out. A stored layer stays as it is, unless `force` says otherwise. */
export function compress(options: CompressionOptions): Stage<Layer | ImageEnd, CompressedLayer | ImageEnd> {
  return compressStage(resolveCompression(options))
}

/** Throws UsageError for a codec that there is not, and for a level that it does not have. */
export function resolveCompression(options: CompressionOptions): CompressionParameters {
  const codec = codecByName(options.compression)
  return {
    codec: options.compression,
    version: codec.version,
    level: resolveLevel(codec, options.level),
    force: options.force,
    recorded: options.recorded ?? (options.force && options.level !== null),
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

/** Whether a stored layer stays: nobody asked for more, or it is as asked already, and says so itself. */
async function isKept({ blob }: StoredLayer, parameters: CompressionParameters): Promise<boolean> {
  if (!parameters.force) return true
  const codecs = [await codecOf(blob), declaredCodecOf(blob.descriptor)]
  if (codecs.some((codec) => codec !== parameters.codec) || parameters.prioritized.length > 0) return false
  return !parameters.recorded || blob.descriptor.annotations?.[CHOSEN_COMPRESSION] === formatSetting(parameters)
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
  const { codec, level, recorded, prioritized } = parameters
  const priorities = prioritized.length > 0 ? { paths: prioritized, temporary: context.temporary } : null
  const earlier = await recallOutlined(layer, codecByName(codec), level ?? 0, context)
  let settle: (result: CompressionResult) => void = () => {}
  const result = new Promise<CompressionResult>((resolve) => {
    settle = resolve
  })
  const { compress: start, format } = codecByName(codec)
  const through = (reader: ReaderOptions) => {
    const compressor = start({
      level: level ?? 0,
      lends: reader.givesBack ?? false,
      budget: context.budget,
      priorities,
      stored: layer.stored !== null,
      digests: layer.body.shared ? context.resource(chunkDigests) : null,
      cache: context.resource(blockCache),
      name: layer.outline?.name ?? null,
      outlined: earlier !== null
    })
    compressor.stream.once('end', () => settle(compressor.finish()))
    return [compressor.stream]
  }
  const key = keyOf(layer, parameters)
  const body = mapBody(earlier ?? layer.body, through, { givesBack: true })
  return {
    kind: 'compressed',
    ...(key && { key }),
    body: format === 'uncompressed' ? { ...body, digest: layer.summary.then(({ diffID }) => diffID) } : body,
    codec,
    level,
    recompressed: layer.stored !== null,
    summary: recorded ? recordSetting(summarize(layer, result), parameters) : summarize(layer, result),
    history: layer.history
  }
}

async function recordSetting(summary: Promise<CompressionSummary>, setting: Setting): Promise<CompressionSummary> {
  const known = await summary
  return { ...known, annotations: { ...known.annotations, [CHOSEN_COMPRESSION]: formatSetting(setting) } }
}

async function summarize(layer: Layer, result: Promise<CompressionResult>): Promise<CompressionSummary> {
  const { newest, ...own } = await result
  if (own.diffID !== undefined && newest !== undefined) return { ...own, diffID: own.diffID, newest }
  const tar = await layer.summary
  return { ...own, diffID: own.diffID ?? tar.diffID, newest: tar.newest }
}
