import { test } from 'tap'
import { digestOf } from '../../lib/blob/digest.js'
import { createConfig } from '../../lib/image/config.js'
import {
  checkLayoutMarker,
  parseConfig,
  parseDockerManifest,
  parseLayoutIndex,
  parseManifestOrIndex
} from '../../lib/image/documents.js'
import { createIndex, createLayoutMarker } from '../../lib/image/index-document.js'
import { createManifest } from '../../lib/image/manifest.js'
import { DOCKER_MANIFEST, OCI_CONFIG, OCI_INDEX, OCI_LAYER, OCI_MANIFEST } from '../../lib/image/media-types.js'

const config = { mediaType: OCI_CONFIG, digest: digestOf('c'), size: 1 }
const layer = { mediaType: OCI_LAYER, digest: digestOf('l'), size: 2, annotations: { a: 'b' } }

function json(value: unknown): Buffer {
  return Buffer.from(JSON.stringify(value))
}

test('documents that were written are read back', (t) => {
  t.same(parseManifestOrIndex(createManifest({ family: 'oci', config, layers: [layer] }), OCI_MANIFEST, 'x'), {
    kind: 'manifest',
    document: { schemaVersion: 2, mediaType: OCI_MANIFEST, config, layers: [layer] }
  })
  t.same(parseLayoutIndex(createIndex({ family: 'oci', manifests: [layer] }), 'x').manifests, [layer])
  const image = { os: 'linux', architecture: 'arm', variant: 'v7', config: { Cmd: ['a'], Env: ['B=c'] } }
  const { config: container, ...platform } = image
  const bytes = createConfig({ platform, config: container, diffIDs: [digestOf('d')], history: [{ comment: 'e' }] })
  t.same(parseConfig(bytes, 'x'), {
    ...image,
    rootfs: { type: 'layers', diff_ids: [digestOf('d')] },
    history: [{ comment: 'e' }]
  })
  checkLayoutMarker(createLayoutMarker(), 'x')
  t.end()
})

test('unknown fields are tolerated and null counts as absent', (t) => {
  const image = {
    os: 'linux',
    architecture: 'amd64',
    docker_version: '1',
    config: { Hostname: '', Entrypoint: null, OnBuild: null, Labels: null, Volumes: { '/a': {} } },
    rootfs: { type: 'layers', diff_ids: null },
    history: null
  }
  t.same(parseConfig(json(image), 'x'), {
    os: 'linux',
    architecture: 'amd64',
    config: { Volumes: { '/a': {} } },
    rootfs: { type: 'layers', diff_ids: [] }
  })
  t.same(parseDockerManifest(json([{ Config: 'c', RepoTags: null, Layers: ['l'], Parent: '' }]), 'x'), [
    { Config: 'c', RepoTags: [], Layers: ['l'] }
  ])
  t.end()
})

test('a manifest without a media type is what its descriptor or its fields say', (t) => {
  t.match(parseManifestOrIndex(json({ schemaVersion: 2, config, layers: [] }), null, 'x'), { kind: 'manifest' })
  t.match(parseManifestOrIndex(json({ schemaVersion: 2, manifests: [] }), null, 'x'), { kind: 'index' })
  t.match(parseManifestOrIndex(json({ schemaVersion: 2, config }), OCI_MANIFEST, 'x'), { kind: 'manifest' })
  t.end()
})

const wrong: readonly (readonly [name: string, value: unknown, mediaType: string | null, message: RegExp])[] = [
  ['no JSON', undefined, null, /expected JSON/],
  ['no object', 7, null, /expected a JSON object/],
  ['null', null, null, /expected a JSON object/],
  ['manifests and layers', { schemaVersion: 2, manifests: [], layers: [], config }, null, /a document that is both/],
  ['manifests and a config', { schemaVersion: 2, manifests: [], config }, OCI_INDEX, /a document that is both/],
  [
    'another media type',
    { schemaVersion: 2, mediaType: OCI_MANIFEST, config, layers: [] },
    DOCKER_MANIFEST,
    /media type/
  ],
  ['an index called manifest', { schemaVersion: 2, manifests: [] }, OCI_MANIFEST, /found an index/],
  ['a manifest called index', { schemaVersion: 2, config, layers: [], mediaType: OCI_INDEX }, null, /found a manifest/],
  ['an unknown media type', { schemaVersion: 2, config, layers: [], mediaType: 'text/html' }, null, /"text\/html"/],
  ['schema 1', { schemaVersion: 1, fsLayers: [] }, null, /schema 1/],
  ['schema 3', { schemaVersion: 3, config, layers: [] }, null, /in schemaVersion/],
  [
    'a bad digest',
    { schemaVersion: 2, config: { ...config, digest: 'sha256:xyz' }, layers: [] },
    null,
    /config\.digest/
  ],
  ['a negative size', { schemaVersion: 2, config, layers: [{ ...layer, size: -1 }] }, null, /layers\.0\.size/],
  [
    'a size that is no integer',
    { schemaVersion: 2, config: { ...config, size: 1.5 }, layers: [] },
    null,
    /config\.size/
  ],
  ['a size beyond 2^53', { schemaVersion: 2, config: { ...config, size: 2 ** 60 }, layers: [] }, null, /config\.size/],
  ['layers that are no list', { schemaVersion: 2, config, layers: {} }, null, /in layers/],
  ['an annotation that is no text', { schemaVersion: 2, manifests: [], annotations: { a: 1 } }, null, /annotations\.a/],
  ['no config', { schemaVersion: 2, layers: [] }, null, /in config/]
]

for (const [name, value, mediaType, message] of wrong) {
  test(`a manifest that is ${name} is an input error with its subject`, (t) => {
    const bytes = value === undefined ? Buffer.from('{') : json(value)
    t.throws(() => parseManifestOrIndex(bytes, mediaType, 'the subject'), { code: 'ERR_INPUT', message })
    t.throws(() => parseManifestOrIndex(bytes, mediaType, 'the subject'), /the subject/)
    t.end()
  })
}

test('a document over 4 MiB is refused, and so is one that nests without end', (t) => {
  const long = json({ schemaVersion: 2, config, layers: [], annotations: { a: 'x'.repeat(4 * 2 ** 20) } })
  t.throws(() => parseManifestOrIndex(long, null, 'x'), { code: 'ERR_INPUT', message: /at most 4194304 bytes/ })
  const deep = Buffer.from(`{"a":${'['.repeat(2_000_000)}`)
  t.throws(() => parseManifestOrIndex(deep, null, 'x'), { code: 'ERR_INPUT' })
  const closed = Buffer.from(`{"a":${'['.repeat(1_000_000)}${']'.repeat(1_000_000)}}`)
  t.throws(() => parseManifestOrIndex(closed, null, 'x'), { code: 'ERR_INPUT' })
  t.end()
})

test('a config without a platform or with bad diffIDs is an input error', (t) => {
  const rootfs = { type: 'layers', diff_ids: [] }
  t.throws(() => parseConfig(json({ rootfs }), 'x'), { code: 'ERR_INPUT', message: /in architecture/ })
  const bad = { os: 'linux', architecture: 'amd64', rootfs: { ...rootfs, diff_ids: ['x'] } }
  t.throws(() => parseConfig(json(bad), 'x'), { code: 'ERR_INPUT', message: /rootfs\.diff_ids\.0/ })
  t.end()
})

test('other files of a layout that are not what they should be are input errors', (t) => {
  t.throws(() => checkLayoutMarker(json({ imageLayoutVersion: '2.0.0' }), 'x'), { code: 'ERR_INPUT' })
  t.throws(() => checkLayoutMarker(json([]), 'x'), { code: 'ERR_INPUT' })
  t.throws(() => parseDockerManifest(json({}), 'x'), { code: 'ERR_INPUT' })
  t.throws(() => parseDockerManifest(json([{ Layers: [] }]), 'x'), { code: 'ERR_INPUT', message: /0\.Config/ })
  t.throws(() => parseLayoutIndex(json({ schemaVersion: 2, config, layers: [] }), 'x'), { code: 'ERR_INPUT' })
  t.end()
})
