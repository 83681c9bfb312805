import { readFileSync, writeFileSync } from 'node:fs'
import { test } from 'tap'
import type { Descriptor } from '../../lib/blob/descriptor.js'
import { digestOf } from '../../lib/blob/digest.js'
import type { CodecName } from '../../lib/codec/codec.js'
import { run } from '../../lib/graph/index.js'
import { OCI_LAYER, OCI_LAYER_GZIP, OCI_MANIFEST } from '../../lib/image/media-types.js'
import { directory } from '../../lib/source/directory.js'
import { imageOf } from '../../lib/source/image-of.js'
import { image } from '../../lib/source/image-source.js'
import type { ImageSource } from '../../pipelines/changes.js'
import type { ManifestOptions } from '../../pipelines/documents.js'
import { oci } from '../../pipelines/oci.js'
import { mixedBytes } from '../conformance/codec.js'
import { imageBlobs } from '../helpers/image-blobs.js'
import { layoutAround, layoutParts, tarParts } from '../helpers/layout-parts.js'
import { manifestDefaults } from '../helpers/manifest-defaults.js'
import { member, tarOf } from '../helpers/tars.js'

const CODECS: readonly CodecName[] = ['gzip', 'estargz', 'zstd', 'zstd:chunked']

/** Exports an archive and gives the descriptor of its layer. */
async function layerAfter(
  source: ImageSource,
  destination: string,
  options: Partial<ManifestOptions>
): Promise<Descriptor> {
  await run([oci(source, { ...manifestDefaults(options), destination, tar: true })])
  const [, layer = ''] = /"layers": \[\s*(\{[^\]]*\})\s*\]/.exec(readFileSync(destination, 'latin1')) ?? []
  return JSON.parse(layer)
}

function archive(path: string): ImageSource {
  return image({ kind: 'oci-archive', path, name: null, platforms: 'all' })
}

for (const codec of CODECS) {
  test(`a level that was forced on ${codec} was ignored: layers get it, say so, and stay then`, async (t) => {
    const path = t.testdir({ app: { file: mixedBytes(100_000) } })
    const request = { platforms: ['linux/amd64'], changes: [], labels: {}, diff: false }
    const app = imageOf([directory({ path: `${path}/app`, target: 'app' })], request)
    const asked = { compression: [codec], compressionLevel: 9 }
    const usual = await layerAfter(app, `${path}/usual.tar`, { compression: [codec] })
    const direct = await layerAfter(app, `${path}/direct.tar`, asked)
    const forced = await layerAfter(archive(`${path}/usual.tar`), `${path}/forced.tar`, {
      ...asked,
      forceCompression: true
    })
    t.not(usual.digest, direct.digest)
    t.equal(forced.digest, direct.digest)
    t.match(forced.annotations, { ...direct.annotations, 'dev.layerpipe.compression': `${codec}:9` })

    const again = archive(`${path}/forced.tar`)
    t.same(await layerAfter(again, `${path}/same.tar`, { ...asked, forceCompression: true }), forced)
    const anyLevel = { compression: [codec], forceCompression: true }
    t.same(await layerAfter(again, `${path}/any.tar`, anyLevel), forced, 'without a level, the codec is enough')
    const lower = await layerAfter(again, `${path}/lower.tar`, { ...anyLevel, compressionLevel: 1 })
    t.equal(lower.annotations?.['dev.layerpipe.compression'], `${codec}:1`)
  })
}

test('a layer that had been estargz was refused as estargz: its table of contents is made anew', async (t) => {
  const path = t.testdir({ app: { file: 'contents', other: 'more' } })
  const request = { platforms: ['linux/amd64'], changes: [], labels: {}, diff: false }
  const app = imageOf([directory({ path: `${path}/app`, target: '' })], request)
  const first = await layerAfter(app, `${path}/first.tar`, { compression: ['estargz'] })
  const force = { forceCompression: true }
  await layerAfter(archive(`${path}/first.tar`), `${path}/gzip.tar`, { ...force, compression: ['gzip'] })
  const again = await layerAfter(archive(`${path}/gzip.tar`), `${path}/again.tar`, {
    ...force,
    compression: ['estargz']
  })
  t.same(again, first)
  const ordered = { ...force, compression: ['estargz'], compressionLevel: 9 } as const
  const prioritized = { ...ordered, prioritized: ['other'] }
  const landmark = await layerAfter(archive(`${path}/first.tar`), `${path}/landmark.tar`, prioritized)
  const low = { ...ordered, compressionLevel: 1 }
  t.not((await layerAfter(archive(`${path}/landmark.tar`), `${path}/low.tar`, low)).digest, landmark.digest)
  t.same(await layerAfter(archive(`${path}/low.tar`), `${path}/kept.tar`, ordered), landmark, 'with its landmark')
  const anew = { ...prioritized, prioritized: ['file'] }
  const moved = await layerAfter(archive(`${path}/landmark.tar`), `${path}/moved.tar`, anew)
  t.same(moved, await layerAfter(archive(`${path}/first.tar`), `${path}/direct.tar`, anew), 'with another landmark')
})

test('without force, no layer says which level it has', async (t) => {
  const path = t.testdir({ app: { file: 'contents' } })
  const request = { platforms: ['linux/amd64'], changes: [], labels: {}, diff: false }
  const app = imageOf([directory({ path: `${path}/app`, target: 'app' })], request)
  t.equal((await layerAfter(app, `${path}/a.tar`, { compressionLevel: 9 })).annotations, undefined)
})

test('a layer that was forced stayed as it was where its media type named another codec than its bytes have', async (t) => {
  const path = t.testdir()
  const tar = tarOf(member({ name: 'file' }, Buffer.from('contents')))
  const parts = await layoutParts(imageBlobs([tar.toString()]))
  const [root] = JSON.parse(String(parts.get('index.json'))).manifests
  const manifest = JSON.parse(String(parts.get(`blobs/${root.digest.replace(':', '/')}`)))
  const lying = { ...manifest, layers: [{ ...manifest.layers[0], mediaType: OCI_LAYER_GZIP }] }
  const blobs = [...parts].filter(([name]) => name.startsWith('blobs/'))
  writeFileSync(`${path}/lying.tar`, tarParts(layoutAround(lying, OCI_MANIFEST, blobs)))
  for (const [codec, mediaType] of [
    ['gzip', OCI_LAYER_GZIP],
    ['uncompressed', OCI_LAYER]
  ] as const) {
    const forced = { compression: [codec], forceCompression: true }
    const layer = await layerAfter(archive(`${path}/lying.tar`), `${path}/${codec}.tar`, forced)
    t.equal(layer.mediaType, mediaType)
    t.equal(layer.digest === digestOf(tar), codec === 'uncompressed')
  }
})
