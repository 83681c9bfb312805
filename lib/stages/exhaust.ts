import { type Stage, stage } from '../graph/node.js'
import { generate } from '../streams/generate.js'
import type { ImageEnd, LayerBlob, Receipt } from './items.js'

/** Sink: waits until every layer is made, and keeps none. What can go wrong with a source goes wrong before it. */
export const exhaust = (): Stage<LayerBlob | ImageEnd, Receipt> => exhaustStage(null)

const exhaustStage = stage<null, LayerBlob | ImageEnd, Receipt>('exhaust', (_, context) =>
  generate<LayerBlob | ImageEnd, Receipt>(async function* (items) {
    const start = performance.now()
    let bytes = 0
    for await (const item of items) {
      if (item.kind === 'image') continue
      const { size } = item.blob.descriptor
      bytes += size
      context.progress(size)
    }
    yield {
      exporter: 'cacheonly',
      destination: '',
      descriptor: null,
      config: null,
      names: [],
      bytes,
      skipped: [],
      seconds: (performance.now() - start) / 1000
    }
  })
)
