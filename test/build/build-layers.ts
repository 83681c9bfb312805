import { randomBytes } from 'node:crypto'
import { openStore } from '../../lib/blob/store.js'
import { createLayerCache } from '../../lib/build/stored-layers.js'
import { type Provision, run, type Stage, stage } from '../../lib/graph/index.js'
import { pipe } from '../../lib/graph/pipe.js'
import { compress } from '../../lib/stages/compress.js'
import { diff } from '../../lib/stages/diff.js'
import { hash } from '../../lib/stages/hash.js'
import type { ImageEnd, LayerBlob, LayerSource } from '../../lib/stages/items.js'
import { layerCache } from '../../lib/stages/layer-cache.js'
import { pack } from '../../lib/stages/pack.js'
import { generate } from '../../lib/streams/generate.js'
import { buildNode } from './evaluate.js'

/** Builds with the cache in a store. */
export function buildLayers(context: string, store: string, codec: 'gzip' | 'zstd' = 'gzip') {
  return buildWith(context, [layerCache.provide(createLayerCache(openStore(store)))], codec)
}

/** Builds with what a run is given; tells the layers' digests, and how many layers were packed. */
export async function buildWith(context: string, provide: readonly Provision[], codec: 'gzip' | 'zstd' = 'gzip') {
  let opened = 0
  const counted = pipe(
    await buildNode(context),
    count(() => (opened += 1))
  )
  const options = { compression: codec, level: null, force: false }
  const layers = pipe(counted, diff(), pack(), compress(options), hash(), collect(null))
  const [digests = []] = await run([layers], { provide })
  return { digests, opened }
}

/** Tells each time that a layer is walked. */
function count(onWalk: () => void): Stage<LayerSource | ImageEnd, LayerSource | ImageEnd> {
  return stage<{ id: string }, LayerSource | ImageEnd, LayerSource | ImageEnd>('count', () =>
    generate<LayerSource | ImageEnd, LayerSource | ImageEnd>(async function* (items) {
      for await (const item of items) {
        if (item.kind !== 'snapshot') yield item
        else {
          const { upper } = item
          const walk = () => {
            onWalk()
            return upper.walk()
          }
          yield { ...item, upper: { walk, contents: (e) => upper.contents(e), open: (e) => upper.open(e) } }
        }
      }
    })
  )({ id: randomBytes(8).toString('hex') })
}

const collect: (parameters: null) => Stage<LayerBlob | ImageEnd, readonly string[]> = stage('collect', () =>
  generate<LayerBlob | ImageEnd, readonly string[]>(async function* (items) {
    const digests: string[] = []
    for await (const item of items) {
      if (item.kind === 'layer-blob') digests.push(`${item.blob.descriptor.digest} ${item.diffID} ${item.newest}`)
    }
    yield digests
  })
)
