import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { gzipSync } from 'node:zlib'
import { test } from 'tap'
import { memoryBlob } from '../../lib/blob/blob.js'
import { type Digest, digestOf } from '../../lib/blob/digest.js'
import { run, source } from '../../lib/graph/index.js'
import { OCI_LAYER } from '../../lib/image/media-types.js'
import type { ImageEnd, LayerSource, StoredLayer } from '../../lib/stages/items.js'
import { entriesOf } from '../../lib/stages/stored.js'
import { local } from '../../pipelines/local.js'
import { optionsOf } from '../../pipelines/options/defaults.js'
import { tar } from '../../pipelines/tar.js'
import { AMD64 } from '../helpers/image-blobs.js'
import { collect, member, tarOf } from '../helpers/tars.js'

const bytes = tarOf(member({ name: 'a' }, 'hello'))
const OTHER = digestOf('another layer')

function layerOf(blob: Buffer, diffID: Digest): StoredLayer {
  return { blob: memoryBlob(blob, { mediaType: OCI_LAYER }), diffID }
}

test('the entries of a layer of another diffID than the config names are an error when they end', async (t) => {
  const right = [layerOf(bytes, digestOf(bytes)), layerOf(gzipSync(bytes), digestOf(bytes))]
  for (const layer of right) t.equal((await collect(entriesOf(layer).open())).length, 1)
  for (const wrong of [bytes, gzipSync(bytes)]) {
    const reading = collect(entriesOf(layerOf(wrong, OTHER)).open())
    await t.rejects(reading, { code: 'ERR_INPUT', message: `expected the diffID that the config names, ${OTHER}` })
  }
})

test('a file system was written of layers that are not those of the config', async (t) => {
  const items: readonly (LayerSource | ImageEnd)[] = [
    { kind: 'stored', layer: layerOf(gzipSync(bytes), OTHER), history: [] },
    { kind: 'image', platform: AMD64, config: {}, history: [] }
  ]
  const image = source<null, LayerSource | ImageEnd>('image', () => Readable.from(items))(null)
  const cwd = t.testdir()
  const outputs = [
    local(image, optionsOf('local', { destination: join(cwd, 'root') })),
    tar(image, optionsOf('tar', { destination: join(cwd, 'root.tar') }))
  ]
  for (const output of outputs) await t.rejects(run([output]), { code: 'ERR_INPUT', message: /the diffID that/ })
  t.same(readdirSync(cwd), [])
})
