import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import fc from 'fast-check'
import { test } from 'tap'
import { InputError } from '../../lib/errors.js'
import { parseConfig, parseDockerManifest, parseManifestOrIndex } from '../../lib/image/documents.js'
import { type ImageLocation, resolveImage } from '../../lib/source/image-source.js'
import { imageBlobs } from '../helpers/image-blobs.js'
import { layoutParts, tarParts } from '../helpers/layout-parts.js'
import { noWorkspace } from '../helpers/workspace.js'

/** What the layers of an image hold, or null where it was refused. Any other failure is passed on. */
async function layersOf(location: ImageLocation): Promise<string | null> {
  try {
    const [image] = await resolveImage(location, 'all', noWorkspace)
    const layers = await Promise.all((image?.layers ?? []).map(({ blob }) => blob.open().toArray()))
    return layers.map((chunks) => Buffer.concat(chunks).toString()).join()
  } catch (error) {
    if (error instanceof InputError) return null
    throw error
  }
}

for (const kind of ['oci-archive', 'docker-archive'] as const) {
  test(`wherever a bit of a ${kind} flips, its layers come out right or not at all`, async (t) => {
    const tar = tarParts(await layoutParts(imageBlobs(['one', 'two'])))
    const path = join(t.testdir(), 'a.tar')
    const checked = fc.assert(
      fc.asyncProperty(fc.nat(tar.length - 1), fc.nat(7), async (at, bit) => {
        const flipped = Buffer.from(tar)
        flipped[at] = (tar[at] ?? 0) ^ (1 << bit)
        await writeFile(path, flipped)
        const layers = await layersOf({ kind, path, name: null })
        return layers === null || layers === 'one,two'
      }),
      { numRuns: 80 }
    )
    await t.resolves(checked)
  })

  test(`wherever a ${kind} is cut off, it is refused`, async (t) => {
    const tar = tarParts(await layoutParts(imageBlobs(['one', 'two'])))
    const path = join(t.testdir(), 'a.tar')
    const checked = fc.assert(
      fc.asyncProperty(fc.nat(tar.length - 1025), async (length) => {
        await writeFile(path, tar.subarray(0, length))
        return (await layersOf({ kind, path, name: null })) === null
      }),
      { numRuns: 30 }
    )
    await t.resolves(checked)
  })
}

test('no document at all makes a parser fail in another way than an input error', (t) => {
  const keys = ['schemaVersion', 'mediaType', 'manifests', 'layers', 'config', 'rootfs', 'history', 'os', 'Config']
  const tree = fc.letrec((tie) => ({
    value: fc.oneof({ depthSize: 'small' }, fc.jsonValue({ maxDepth: 1 }), tie('record'), fc.array(tie('value'))),
    record: fc.dictionary(fc.constantFrom(...keys, '__proto__'), tie('value'))
  }))
  const property = fc.property(tree.value, (value) => {
    const bytes = Buffer.from(JSON.stringify(value))
    for (const parse of [parseConfig, parseDockerManifest, (each: Buffer) => parseManifestOrIndex(each, null, 'x')]) {
      try {
        parse(bytes, 'x')
      } catch (error) {
        if (!(error instanceof InputError)) throw error
      }
    }
  })
  t.doesNotThrow(() => fc.assert(property))
  t.end()
})
