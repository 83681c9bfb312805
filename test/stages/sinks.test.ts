import { Readable } from 'node:stream'
import { test } from 'tap'
import { digestOf } from '../../lib/blob/digest.js'
import type { EntryBatch } from '../../lib/diff/entry.js'
import { archive } from '../../lib/stages/archive.js'
import { deliverTar } from '../../lib/stages/deliver-tar.js'
import type { Changeset, ImageBlob, ImageEnd } from '../../lib/stages/items.js'
import { save } from '../../lib/stages/save.js'
import { sinkSuite } from '../conformance/sink.js'
import { flatItems } from '../helpers/flat-image.js'
import { imageBlobs } from '../helpers/image-blobs.js'
import { fileEntry, sampleEntries } from '../helpers/layer-tar.js'

const tree = { platformSplit: null, include: [], exclude: [] }

const items = (): readonly (Changeset | ImageEnd)[] => flatItems('linux/amd64', () => [sampleEntries])

const broken = (reason: Error): readonly (Changeset | ImageEnd)[] =>
  flatItems('linux/amd64', async function* (): AsyncGenerator<EntryBatch> {
    yield fileEntry('a', 'new')
    throw reason
  })

test('save is a sink', (t) => {
  sinkSuite(t, 'save', {
    sink: (destination) => save({ exporter: 'local', destination, mode: 'copy', deleteAnywhere: false, ...tree }),
    items,
    broken
  })
  t.end()
})

for (const compression of ['uncompressed', 'gzip'] as const) {
  test(`deliver-tar, ${compression}, is a sink`, (t) => {
    sinkSuite(t, 'deliver-tar', {
      sink: (destination) => deliverTar({ exporter: 'tar', destination, compression, level: null, ...tree }),
      items,
      broken
    })
    t.end()
  })
}

test('archive is a sink', (t) => {
  sinkSuite(t, 'archive', {
    sink: (destination) => archive({ exporter: 'oci', destination, names: [] }),
    items: () => imageBlobs(['layer']),
    broken: (reason) => [brokenLayer(reason), ...imageBlobs(['layer'])]
  })
  t.end()
})

function brokenLayer(reason: Error): ImageBlob {
  const descriptor = { mediaType: 'text/plain', digest: digestOf('x'), size: 1 }
  const open = (): Readable => new Readable({ read: () => {} }).destroy(reason)
  return { kind: 'blob', role: 'layer', blob: { descriptor, open }, root: false }
}
