import { test } from 'tap'
import * as types from '../../lib/image/media-types.js'

const FORMATS = ['uncompressed', 'gzip', 'zstd'] as const
const FAMILIES = ['oci', 'docker'] as const

test('every layer type converts to the other family and back, and keeps its format', (t) => {
  const seen = new Set<string>()
  for (const format of FORMATS) {
    for (const nondistributable of [false, true]) {
      for (const family of FAMILIES) {
        const type = types.layerMediaType(format, family, nondistributable)
        seen.add(type)
        t.equal(types.formatOfMediaType(type), format)
        t.equal(types.isNondistributable(type), nondistributable)
        for (const other of FAMILIES) {
          t.equal(types.convertMediaType(type, other), types.layerMediaType(format, other, nondistributable))
        }
      }
    }
  }
  t.equal(seen.size, 12)
  t.end()
})

test('the layer types are the published ones', (t) => {
  t.equal(types.layerMediaType('uncompressed', 'oci'), 'application/vnd.oci.image.layer.v1.tar')
  t.equal(types.layerMediaType('zstd', 'oci'), 'application/vnd.oci.image.layer.v1.tar+zstd')
  t.equal(types.layerMediaType('gzip', 'docker'), 'application/vnd.docker.image.rootfs.diff.tar.gzip')
  t.equal(types.layerMediaType('gzip', 'docker', true), 'application/vnd.docker.image.rootfs.foreign.diff.tar.gzip')
  t.end()
})

test('documents convert too, and a type without a counterpart stays as it is', (t) => {
  t.equal(types.convertMediaType(types.OCI_INDEX, 'docker'), types.DOCKER_MANIFEST_LIST)
  t.equal(types.convertMediaType(types.DOCKER_MANIFEST, 'oci'), types.OCI_MANIFEST)
  t.equal(types.convertMediaType('application/vnd.example+json', 'docker'), 'application/vnd.example+json')
  t.equal(types.formatOfMediaType('application/vnd.example+json'), null)
  t.end()
})
