import { test } from 'tap'
import type { OptionTable } from '../../lib/options/option.js'
import { parseOptions } from '../../lib/options/parse-options.js'
import { directory } from '../../lib/source/directory.js'
import { oci } from '../../pipelines/oci.js'
import { optionsOf } from '../../pipelines/options/defaults.js'
import { type ExporterName, exporterOptions } from '../../pipelines/options/index.js'
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
  const refused = { code: 'ERR_USAGE', message: /compress: gzip: expected a level from 0 to 9, found 99/ }
  t.throws(() => oci(source, optionsOf('oci', level)), refused)
  t.throws(() => tar(source, optionsOf('tar', { ...level, compression: 'gzip' })), refused)
  t.end()
})
