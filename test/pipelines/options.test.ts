import { test } from 'tap'
import type { OptionTable } from '../../lib/options/option.js'
import { parseOptions } from '../../lib/options/parse-options.js'
import { exporterOptions } from '../../pipelines/options/index.js'

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
