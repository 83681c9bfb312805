import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { test } from 'tap'
import { digestOf } from '../../lib/blob/digest.js'
import { createConfig } from '../../lib/image/config.js'
import { DOCKER_LAYER, DOCKER_LAYER_GZIP } from '../../lib/image/media-types.js'
import { resolveImage } from '../../lib/source/image-source.js'
import { member, tarOf } from '../helpers/tars.js'
import { noWorkspace } from '../helpers/workspace.js'

test('the old form is read, where a layer may link to its equal, and be compressed', async (t) => {
  const gzipped = gzipSync('two')
  const config = createConfig({
    platform: { os: 'linux', architecture: 'amd64' },
    config: { Cmd: ['x'] },
    diffIDs: [digestOf('one'), digestOf('two'), digestOf('one')],
    history: []
  })
  const hex = digestOf(config).slice(7)
  const manifest = { Config: `${hex}.json`, RepoTags: ['old:1'], Layers: ['a/layer.tar', 'b.tar.gz', 'c/layer.tar'] }
  const path = join(t.testdir(), 'old.tar')
  const tar = tarOf(
    member({ name: 'a/', type: '5' }),
    member({ name: 'a/layer.tar' }, 'one'),
    member({ name: 'b.tar.gz' }, gzipped),
    member({ name: 'c/', type: '5' }),
    member({ name: 'c/layer.tar', type: '2', link: '../a/layer.tar' }),
    member({ name: `${hex}.json` }, config),
    member({ name: 'manifest.json' }, JSON.stringify([manifest]))
  )
  await writeFile(path, tar)
  for (const name of [null, 'old:1', '1', 'docker.io/library/old:1']) {
    const [image] = await resolveImage({ kind: 'docker-archive', path, name }, 'all', noWorkspace)
    t.equal(image?.config.digest, digestOf(config))
    t.same(
      image?.layers.map(({ blob }) => blob.descriptor),
      [
        { mediaType: DOCKER_LAYER, digest: digestOf('one'), size: 3 },
        { mediaType: DOCKER_LAYER_GZIP, digest: digestOf(gzipped), size: gzipped.length },
        { mediaType: DOCKER_LAYER, digest: digestOf('one'), size: 3 }
      ]
    )
    const bytes = await Promise.all((image?.layers ?? []).map(({ blob }) => blob.open().toArray()))
    t.same(bytes.flat(), [Buffer.from('one'), gzipped, Buffer.from('one')])
  }
})

test('a range of a layer inside an archive is read in place', async (t) => {
  const diffIDs = [digestOf('0123456789')]
  const config = createConfig({ platform: { os: 'linux', architecture: 'amd64' }, config: {}, diffIDs, history: [] })
  const path = join(t.testdir(), 'a.tar')
  const manifest = JSON.stringify([{ Config: 'config', RepoTags: null, Layers: ['layer'] }])
  const parts = [member({ name: 'config' }, config), member({ name: 'manifest.json' }, manifest)]
  await writeFile(path, tarOf(member({ name: 'layer' }, '0123456789'), ...parts))
  const [image] = await resolveImage({ kind: 'docker-archive', path, name: null }, 'all', noWorkspace)
  const blob = image?.layers[0]?.blob
  t.equal(blob?.file, undefined)
  t.same(await blob?.open({ start: 3, end: 6 }).toArray(), [Buffer.from('345')])
  t.same(await blob?.open({ start: 3, end: 3 }).toArray(), [])
})

test('large bodies are passed over, and everything behind them is found', async (t) => {
  const layers = ['a', 'b', 'c'].map((letter) => Buffer.alloc(200_001, letter))
  const diffIDs = layers.map((layer) => digestOf(layer))
  const config = createConfig({ platform: { os: 'linux', architecture: 'amd64' }, config: {}, diffIDs, history: [] })
  const manifest = JSON.stringify([{ Config: 'config', RepoTags: null, Layers: ['0', '1', '2'] }])
  const path = join(t.testdir(), 'a.tar')
  const members = layers.map((layer, index) => member({ name: String(index) }, layer))
  const tar = tarOf(...members, member({ name: 'config' }, config), member({ name: 'manifest.json' }, manifest))
  await writeFile(path, tar)
  const location = { kind: 'docker-archive', path, name: null } as const
  const [image] = await resolveImage(location, 'all', noWorkspace)
  const bodies = await Promise.all((image?.layers ?? []).map(({ blob }) => blob.open().toArray()))
  t.same(
    bodies.map((chunks) => digestOf(Buffer.concat(chunks))),
    diffIDs
  )
  await writeFile(path, tar.subarray(0, 300_000))
  await t.rejects(resolveImage(location, 'all', noWorkspace), { code: 'ERR_INPUT', message: /ends|end/ })
})
