import { adviceVersion } from '../benchmark/advice.js'
import type { Context } from '../graph/context.js'
import { type Stage, stage } from '../graph/node.js'
import { generate } from '../streams/generate.js'
import { keepLayer } from './compress.js'
import type { CompressedLayer, ImageEnd, Layer } from './items.js'

/** Plain data: it is part of the node's key. */
export type BestParameters = {
  readonly codec: 'auto'
  /** Of the advice. */
  readonly version: string
  /** Whether layers of existing images are compressed anew. */
  readonly force: boolean
  /** Bytes of a layer that the candidates are tried on. */
  readonly sample: number
}

/** Two zstd frames: what differs between settings shows in less, and trying them all on more takes too long. */
const SAMPLE = 2 ** 23

/**
 * Layer tars in, compressed layers out, each with the setting that suits it best, by a sample of it and by speeds that
 * were measured once: the same layer always gets the same. The choice is noted, and annotated on the layer. A layer is
 * spooled before it is compressed, because it has to be known as a whole.
 */
export const compressBest = ({
  force
}: {
  readonly force: boolean
}): Stage<Layer | ImageEnd, CompressedLayer | ImageEnd> =>
  compressBestStage({ codec: 'auto', version: adviceVersion(), force, sample: SAMPLE })

const compressBestStage = stage<BestParameters, Layer | ImageEnd, CompressedLayer | ImageEnd>(
  'compress',
  (parameters, context) =>
    generate<Layer | ImageEnd, CompressedLayer | ImageEnd>(async function* (items) {
      for await (const item of items) {
        if (item.kind === 'image') yield item
        else if (item.stored && !parameters.force) yield keepLayer(item, item.stored, context)
        else yield await compressedBest(item, parameters, context)
      }
    })
)

/** Loads what samples and chooses only where there is something to choose. */
async function compressedBest(layer: Layer, parameters: BestParameters, context: Context): Promise<CompressedLayer> {
  const { compressLayerBest } = await import('./compress-layer-best.js')
  return compressLayerBest(layer, parameters, context)
}
