import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'tap'
import { openStore, storeResource } from '../../lib/blob/store.js'
import { run } from '../../lib/graph/index.js'
import type { OptionTable } from '../../lib/options/option.js'
import { parseOptions } from '../../lib/options/parse-options.js'
import { directory } from '../../lib/source/directory.js'
import { imageOf } from '../../lib/source/image-of.js'
import { docker } from '../../pipelines/docker.js'
import { image } from '../../pipelines/image.js'
import { local } from '../../pipelines/local.js'
import { oci } from '../../pipelines/oci.js'
import { optionsOf } from '../../pipelines/options/defaults.js'
import { type ExporterName, exporterOptions } from '../../pipelines/options/index.js'
import { registry } from '../../pipelines/registry.js'
import { tar } from '../../pipelines/tar.js'

const origin = { operation: 'read --output', subject: 'test', owner: 'the exporter' }

for (const [name, table] of Object.entries<OptionTable>(exporterOptions)) {
  test(`${name}: no key is declared twice, and its defaults are values that it would take`, async (t) => {
    const keys = Object.values(table).flatMap((option) => [option.key, ...(option.aliases ?? [])])
    t.same(keys, [...new Set(keys)])
    const given = Object.values(table)
      .filter((option) => option.kind !== 'annotations' && option.default !== null)
      .map((option) => ({ key: option.key, value: String(option.default) }))
    t.same(parseOptions(table, given, origin), parseOptions(table, [], origin))
  })
}

test('registry is image that pushes and does not store', async (t) => {
  const image = parseOptions(exporterOptions.image, [], origin)
  const registry = parseOptions(exporterOptions.registry, [], origin)
  t.match(image, { push: false, store: true })
  t.same({ ...registry, push: false, store: true }, image)
})

test('insecure has the spelling of BuildKit and that of buildx', async (t) => {
  for (const key of ['insecure', 'registry.insecure']) {
    t.equal(parseOptions(exporterOptions.image, [{ key, value: '' }], origin).insecure, true)
  }
})

test('name has the spelling of an example that people copy, too', async (t) => {
  t.same(parseOptions(exporterOptions.registry, [{ key: 'tag', value: 'a,b' }], origin).names, ['a', 'b'])
})

test('in code an option with a typo was ignored, and an exporter with one was a TypeError', (t) => {
  const read = (exporter: string, given: object) => () => optionsOf(exporter as ExporterName, given)
  const refused = (message: RegExp) => ({ code: 'ERR_USAGE', message })
  t.throws(read('oci', { destinaton: 'x' }), refused(/found "destinaton"\. Did you mean "destination"\?/))
  t.throws(read('oci', { dest: 'x' }), refused(/Did you mean "destination"\?/), 'as the command line has it')
  t.throws(read('local', { zzz: 1 }), refused(/read options: local: expected an option of the local exporter/))
  t.throws(read('cacheonly', { names: [] }), refused(/It has none/))
  t.throws(read('ocii', {}), refused(/read options: ocii: expected a type .* found "ocii"\. Did you mean "oci"\?/))
  t.throws(read('toString', {}), refused(/expected a type/))
  t.end()
})

test('a level that the codec does not have was found after reading had begun', (t) => {
  const source = directory({ path: t.testdir(), target: '' })
  const level = { compressionLevel: 99 }
  const refused = { code: 'ERR_USAGE', message: /compression-level: expected 0 to 9 for gzip, found 99/ }
  t.throws(() => oci(source, optionsOf('oci', level)), refused)
  t.throws(() => tar(source, optionsOf('tar', { ...level, compression: 'gzip' })), refused)
  t.end()
})

test('in code, names stayed short, and anything could be one', async (t) => {
  const root = t.testdir({ files: { file: 'text' } })
  const source = imageOf([directory({ path: join(root, 'files'), target: '' })], request)
  const layout = { destination: join(root, 'layout'), tar: false, names: ['foo', 'example/app:1'] }
  await run([oci(source, optionsOf('oci', layout))])
  const index = readFileSync(join(root, 'layout/index.json'), 'utf8')
  t.match(index, '"io.containerd.image.name":"docker.io/library/foo:latest"')
  t.match(index, '"io.containerd.image.name":"docker.io/example/app:1"')
  const refused = { code: 'ERR_USAGE', message: /read image name: "Bad Name"/ }
  for (const node of [
    () => oci(source, optionsOf('oci', { names: ['Bad Name'] })),
    () => docker(source, optionsOf('docker', { names: ['Bad Name'] })),
    () => image(source, optionsOf('image', { names: ['Bad Name'] }))
  ]) {
    t.throws(node, refused)
  }
})

test('in code, what the command line refuses passed, and did nothing or too much', (t) => {
  const source = directory({ path: t.testdir(), target: '' })
  const refused = (node: () => unknown, message: RegExp) => t.throws(node, { code: 'ERR_USAGE', message })
  refused(() => registry(source, optionsOf('registry')), /^tag is needed when pushing to registry: registry/)
  refused(() => image(source, optionsOf('image', { push: true })), /^tag is needed when pushing to registry: image/)
  refused(() => image(source, optionsOf('image', { unpack: true })), /image: unpack/)
  refused(() => oci(source, optionsOf('oci', { ociArtifact: true })), /oci: oci-artifact/)
  refused(() => oci(source, optionsOf('oci', { compression: [] })), /oci: compression: expected a codec, found none/)
  refused(() => local(source, optionsOf('local')), /^dest is required for local exporter/)
  refused(() => local(source, optionsOf('local', { destination: '-' })), /a directory for local, found dest=-/)
  refused(() => docker(source, optionsOf('docker', { tar: false })), /^dest is required for docker with tar=false/)
  refused(() => oci(source, optionsOf('oci', { destination: '' })), /expected a path, found an empty one/)
  refused(() => tar(source, optionsOf('tar', { destination: '' })), /expected a path, found an empty one/)
  t.end()
})

test('in code, registry did not keep the image in the store when it was told to', async (t) => {
  const root = t.testdir({ files: { file: 'text' } })
  const source = imageOf([directory({ path: join(root, 'files'), target: '' })], request)
  const store = await openStore(join(root, 'store'))
  const kept = registry(source, optionsOf('registry', { names: ['a'], push: false, store: true }))
  const [receipt] = await run([kept], { provide: [storeResource.provide(store)] })
  t.equal(receipt?.destination, join(root, 'store'))
  t.match(readFileSync(join(root, 'store/index.json'), 'utf8'), '"docker.io/library/a:latest"')
})

test('in code, a source without imageOf was nothing, and nobody said what it lacked', async (t) => {
  const source = directory({ path: t.testdir({ file: 'text' }), target: '' })
  const destination = join(t.testdirName, 'out')
  const refused = { code: 'ERR_INPUT', message: /found nothing\. Layers alone, .* become an image by imageOf/ }
  await t.rejects(run([oci(source, optionsOf('oci', { destination }))]), refused)
  await t.rejects(run([tar(source, optionsOf('tar', { destination }))]), refused)
})

const request = { platforms: ['linux/amd64'], changes: [], labels: {}, diff: false }
