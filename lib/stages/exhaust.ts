import { type Stage, stage } from '../graph/node.js'
import { generate } from '../streams/generate.js'
import type { ImageEnd, Layer, Receipt } from './items.js'

/** Sink: reads every layer to its end and keeps nothing. What can go wrong with a source goes wrong here. */
export const exhaust = (): Stage<Layer | ImageEnd, Receipt> => exhaustStage(null)

const exhaustStage = stage<null, Layer | ImageEnd, Receipt>('exhaust', (_, context) =>
  generate<Layer | ImageEnd, Receipt>(async function* (items) {
    const start = performance.now()
    let bytes = 0
    for await (const item of items) {
      if (item.kind === 'image') continue
      for await (const block of item.body.open()) {
        bytes += block.bytes.length
        context.progress(block.bytes.length)
      }
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
