import { advisedSettings, adviseSetting } from '../benchmark/advice.js'
import { formatSetting, type Setting } from '../benchmark/setting.js'
import { blocksOfSpool, type SpooledLayer, sampleLayer, spoolLayer } from '../benchmark/spool-layer.js'
import { codecByName } from '../codec/index.js'
import type { Context } from '../graph/context.js'
import { canonicalJson } from '../graph/json.js'
import { chain, createBody } from '../streams/body.js'
import { compressLayer, resolveCompression } from './compress.js'
import type { BestParameters } from './compress-best.js'
import type { CompressedLayer, Layer } from './items.js'

/** One layer, with the setting that suits it best: spooled, because it has to be known as a whole. */
export async function compressLayerBest(
  layer: Layer,
  parameters: BestParameters,
  context: Context
): Promise<CompressedLayer> {
  const spooled = await spoolLayer(layer.body.open(), context)
  const setting = await chooseSetting(spooled, parameters.sample, context)
  context.note(`chose ${formatSetting(setting)}`)
  const open = () => blocksOfSpool(spooled)
  // What is remembered of it carries the choice, so it must not be taken for a layer that was asked for like this.
  const key = layer.key && canonicalJson([layer.key, parameters])
  const { codec, level } = setting
  const best = { ...layer, ...(key && { key }), body: createBody(open, { again: open }) }
  const chosen = resolveCompression({ compression: codec, level, force: parameters.force, recorded: true })
  return compressLayer(best, chosen, context)
}

async function chooseSetting(layer: SpooledLayer, sample: number, context: Context): Promise<Setting> {
  const drawn = await sampleLayer(layer, sample, context)
  const ratios: number[] = []
  for (const setting of advisedSettings) {
    ratios.push(drawn.descriptor.size / (await compressedSize(drawn, setting, context)))
  }
  return adviseSetting(layer.descriptor.size, ratios)
}

async function compressedSize(layer: SpooledLayer, { codec, level }: Setting, context: Context): Promise<number> {
  const { stream } = codecByName(codec).compress({ level: level ?? 0, budget: context.budget })
  let size = 0
  for await (const chunk of chain(blocksOfSpool(layer), [stream], context.signal)) size += chunk.length
  return size
}
