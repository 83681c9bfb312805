import { Readable } from 'node:stream'
import { test } from 'tap'
import { createEntry, type Entry, type EntryBatch } from '../../lib/diff/entry.js'
import { pipe, run, type Stage, source, stage } from '../../lib/graph/index.js'
import type { Changeset, ImageEnd } from '../../lib/stages/items.js'
import { transformEntries } from '../../lib/stages/transform-entries.js'
import { createBody } from '../../lib/streams/body.js'
import { generate } from '../../lib/streams/generate.js'

const layer: Changeset = {
  kind: 'changeset',
  key: 'what the layer is made of',
  body: createBody(() =>
    Readable.from([[createEntry({ path: 'a', type: 'directory' }), createEntry({ path: 'b', type: 'directory' })]])
  ),
  stored: null,
  history: [{ created_by: 'a step' }]
}

const layers = source<null, Changeset | ImageEnd>('layers', () => Readable.from([layer]))(null)

const withoutA = transformEntries(
  'without a',
  null,
  () =>
    async function* (batches) {
      for await (const batch of batches) yield batch.filter((item) => Buffer.isBuffer(item) || item.path !== 'a')
    }
)

interface Found {
  readonly item: Changeset
  readonly paths: readonly string[]
}

const collect: (parameters: null) => Stage<Changeset | ImageEnd, Found> = stage('collect', () =>
  generate<Changeset | ImageEnd, Found>(async function* (items) {
    for await (const item of items) {
      if (item.kind === 'image') continue
      const paths: string[] = []
      for await (const batch of item.body.open() as AsyncIterable<EntryBatch>)
        for (const each of batch) if (!Buffer.isBuffer(each)) paths.push(each.path)
      yield { item, paths }
    }
  })
)

test('a layer whose entries were changed is not taken for what it was made of', async (t) => {
  const [found] = await run([pipe(layers, withoutA, collect(null))])
  t.match(found, { paths: ['b'], item: { kind: 'changeset', stored: null, history: [{ created_by: 'a step' }] } })
  t.notOk('key' in (found?.item ?? {}))
})

test('a stage that gives a path twice made a layer that Docker refuses', async (t) => {
  const twice = transformEntries(
    'twice',
    null,
    () =>
      async function* (batches) {
        for await (const batch of batches) yield batch.map((item) => (Buffer.isBuffer(item) ? item : renamed(item)))
      }
  )
  const renamed = (entry: Entry): Entry => ({ ...entry, path: 'c', type: 'symlink', link: 'd' })
  await t.rejects(run([pipe(layers, twice, collect(null))]), {
    code: 'ERR_INPUT',
    message: /stage twice, entry c: expected every path once/
  })
})
