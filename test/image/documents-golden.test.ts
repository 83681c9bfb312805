import { test } from 'tap'
import type { Descriptor } from '../../lib/blob/descriptor.js'
import { digestOf } from '../../lib/blob/digest.js'
import { createConfig } from '../../lib/image/config.js'
import { createDockerManifest } from '../../lib/image/docker-manifest.js'
import { createIndex, createLayoutIndex, createLayoutMarker } from '../../lib/image/index-document.js'
import { createManifest } from '../../lib/image/manifest.js'
import { OCI_CONFIG, OCI_LAYER_GZIP, OCI_MANIFEST } from '../../lib/image/media-types.js'

const EMPTY = digestOf('')
const HEX = EMPTY.slice(7)
const config: Descriptor = { mediaType: OCI_CONFIG, digest: EMPTY, size: 0 }
const layer: Descriptor = { size: 0, digest: EMPTY, mediaType: OCI_LAYER_GZIP, annotations: { b: '2', a: '1' } }

test('a manifest has two spaces, the specified order and no newline at the end', (t) => {
  const bytes = createManifest({ family: 'oci', config, layers: [layer], annotations: { z: 'a&b', y: '' } })
  t.equal(
    bytes.toString(),
    `{
  "schemaVersion": 2,
  "mediaType": "application/vnd.oci.image.manifest.v1+json",
  "config": {
    "mediaType": "application/vnd.oci.image.config.v1+json",
    "digest": "sha256:${HEX}",
    "size": 0
  },
  "layers": [
    {
      "mediaType": "application/vnd.oci.image.layer.v1.tar+gzip",
      "digest": "sha256:${HEX}",
      "size": 0,
      "annotations": {
        "a": "1",
        "b": "2"
      }
    }
  ],
  "annotations": {
    "y": "",
    "z": "a\\u0026b"
  }
}`
  )
  t.end()
})

test('a Docker manifest has Docker media types throughout', (t) => {
  const bytes = createManifest({ family: 'docker', config, layers: [layer] })
  const types = [...bytes.toString().matchAll(/"mediaType": "([^"]*)"/g)].map(([, type]) => type)
  t.same(types, [
    'application/vnd.docker.distribution.manifest.v2+json',
    'application/vnd.docker.container.image.v1+json',
    'application/vnd.docker.image.rootfs.diff.tar.gzip'
  ])
  t.end()
})

test('an artifact says its type before the config and its subject behind the layers', (t) => {
  const bytes = createManifest({ family: 'oci', config, layers: [], artifactType: 'a/b', subject: config })
  t.same(Object.keys(JSON.parse(bytes.toString())), [
    'schemaVersion',
    'mediaType',
    'artifactType',
    'config',
    'layers',
    'subject'
  ])
  t.end()
})

test('an index has two spaces, and a descriptor its platform last', (t) => {
  const manifest: Descriptor = {
    platform: { os: 'linux', architecture: 'arm', variant: 'v7' },
    annotations: { a: 'b' },
    ...config,
    mediaType: OCI_MANIFEST
  }
  t.equal(
    createIndex({ family: 'oci', manifests: [manifest] }).toString(),
    `{
  "schemaVersion": 2,
  "mediaType": "application/vnd.oci.image.index.v1+json",
  "manifests": [
    {
      "mediaType": "application/vnd.oci.image.manifest.v1+json",
      "digest": "sha256:${HEX}",
      "size": 0,
      "annotations": {
        "a": "b"
      },
      "platform": {
        "architecture": "arm",
        "os": "linux",
        "variant": "v7"
      }
    }
  ]
}`
  )
  t.end()
})

test('index.json and oci-layout are compact', (t) => {
  const annotations = { 'org.opencontainers.image.ref.name': '1', 'io.containerd.image.name': 'docker.io/library/a:1' }
  t.equal(
    createLayoutIndex([{ mediaType: OCI_MANIFEST, digest: EMPTY, size: 7, annotations }]).toString(),
    '{"schemaVersion":2,"mediaType":"application/vnd.oci.image.index.v1+json","manifests":[{"mediaType":' +
      `"application/vnd.oci.image.manifest.v1+json","digest":"sha256:${HEX}","size":7,"annotations":` +
      '{"io.containerd.image.name":"docker.io/library/a:1","org.opencontainers.image.ref.name":"1"}}]}'
  )
  t.equal(createLayoutMarker().toString(), '{"imageLayoutVersion":"1.0.0"}')
  t.end()
})

test('a config is compact, its top-level keys are sorted and empty fields are left out', (t) => {
  const bytes = createConfig({
    platform: { os: 'linux', architecture: 'arm64' },
    config: { Cmd: ['sh', '-c', 'a <b >c'], Env: ['A=b'], Entrypoint: [], Labels: { z: '1', a: '2' }, User: '' },
    diffIDs: [EMPTY],
    history: [{ empty_layer: false, comment: 'c', created_by: 'b', created: '1970-01-01T00:00:00Z' }],
    created: '1970-01-01T00:00:00Z'
  })
  t.equal(
    bytes.toString(),
    '{"architecture":"arm64","config":{"Env":["A=b"],"Cmd":["sh","-c","a \\u003cb \\u003ec"],"Labels":{"a":"2","z":"1"}},' +
      '"created":"1970-01-01T00:00:00Z","history":[{"created":"1970-01-01T00:00:00Z","created_by":"b","comment":"c"}],' +
      `"os":"linux","rootfs":{"type":"layers","diff_ids":["sha256:${HEX}"]}}`
  )
  t.end()
})

test('manifest.json says null where an image has no names', (t) => {
  const image = { config: EMPTY, layers: [EMPTY] }
  t.equal(
    createDockerManifest([
      { ...image, names: ['foo:latest'] },
      { ...image, names: [] }
    ]).toString(),
    `[{"Config":"blobs/sha256/${HEX}","RepoTags":["foo:latest"],"Layers":["blobs/sha256/${HEX}"]},` +
      `{"Config":"blobs/sha256/${HEX}","RepoTags":null,"Layers":["blobs/sha256/${HEX}"]}]`
  )
  t.end()
})
