import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'tap'
import { digestOf } from '../../lib/blob/digest.js'
import { run } from '../../lib/graph/index.js'
import { blobPath } from '../../lib/image/docker-manifest.js'
import { parseOptions } from '../../lib/options/parse-options.js'
import { type ImageLocation, image, resolveImage } from '../../lib/source/image-source.js'
import { oci } from '../../pipelines/oci.js'
import { ociOptions } from '../../pipelines/options/oci.js'
import { AMD64, ARM64, imageBlobs, indexBlobs } from '../helpers/image-blobs.js'
import { layoutParts, writeParts } from '../helpers/layout-parts.js'
import { noWorkspace } from '../helpers/workspace.js'

const origin = { operation: 'read --output', subject: 'test', owner: 'oci' }

for (const [what, blobs] of [
  ['an image', imageBlobs(['one', 'two'])],
  ['an image for two platforms', indexBlobs(['base'], [AMD64, ARM64])]
] as const) {
  test(`${what} that goes out as it came in keeps its layers and its configs`, async (t) => {
    const path = join(t.testdir({ layout: {} }), 'layout')
    await writeParts(path, await layoutParts(blobs))
    const copy: ImageLocation = { kind: 'oci-archive', path: join(t.testdirName, 'copy.tar'), name: null }
    const options = parseOptions(ociOptions, [{ key: 'dest', value: copy.path }], origin)
    const [receipt] = await run([oci(image({ kind: 'oci', path, name: null, platforms: 'all' }), options)])
    const before = await resolveImage({ kind: 'oci', path, name: null }, 'all', noWorkspace)
    const after = await resolveImage(copy, 'all', noWorkspace)
    t.same(
      after.map(({ layers }) => layers.map(({ blob, diffID }) => ({ ...blob.descriptor, diffID }))),
      before.map(({ layers }) => layers.map(({ blob, diffID }) => ({ ...blob.descriptor, diffID })))
    )
    t.same(
      after.map(({ document }) => ({ ...document, history: [] })),
      before.map(({ document }) => ({ ...document, history: [] }))
    )
    t.match(receipt, { exporter: 'oci', destination: copy.path })
  })
}

test('a layer of a layout with a flipped byte is not copied to another layout', async (t) => {
  const [path, dest] = [join(t.testdir({ layout: {} }), 'layout'), join(t.testdirName, 'copy')]
  const parts = await layoutParts(imageBlobs(['one']))
  await writeParts(path, parts.set(blobPath(digestOf('one')), Buffer.from('onE')))
  const fields = [
    { key: 'dest', value: dest },
    { key: 'tar', value: 'false' }
  ]
  const source = image({ kind: 'oci', path, name: null, platforms: 'all' })
  const copied = run([oci(source, parseOptions(ociOptions, fields, origin))])
  await t.rejects(copied, { code: 'ERR_INPUT', message: /expected sha256/ })
  t.notOk(existsSync(dest))
})
