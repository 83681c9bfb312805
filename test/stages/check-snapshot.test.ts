import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { test } from 'tap'
import { createEntry, type Entry } from '../../lib/diff/entry.js'
import type { Snapshot } from '../../lib/diff/snapshot.js'
import { run, source } from '../../lib/graph/index.js'
import { imageOf } from '../../lib/source/image-of.js'
import type { LayerSource } from '../../lib/stages/items.js'
import { optionsOf } from '../../pipelines/options/defaults.js'
import { tar } from '../../pipelines/tar.js'

const request = { platforms: ['linux/amd64'], changes: [], labels: {}, diff: false }
const empty = (path: string, type: Entry['type'] = 'file') => createEntry({ path, type })

function snapshotOf(entries: readonly Entry[]): Snapshot {
  return {
    async *walk() {
      yield entries
    },
    contents: (batches) => batches,
    open: () => Readable.from([])
  }
}

function imageWith(entries: readonly Entry[]) {
  const item: LayerSource = { kind: 'snapshot', lower: null, upper: snapshotOf(entries), history: [] }
  return imageOf([source<null, LayerSource>('own source', () => Readable.from([item]))(null)], request)
}

for (const [what, entries, message] of [
  ['a path outside of the root', [empty('../a')], /snapshot, entry \.\.\/a: expected a path/],
  ['an absolute path', [empty('/a')], /snapshot, entry \/a: expected a path below the root/],
  ['a path twice', [empty('a'), empty('a')], /entry a: expected walk order, in which it comes once/],
  ['paths in another order', [empty('b'), empty('a')], /in which it comes before, found it behind b/]
] as const) {
  test(`a source of one's own that gave ${what} made a layer of it`, async (t) => {
    const root = t.testdir()
    const exported = tar(imageWith(entries), optionsOf('tar', { destination: join(root, 'root.tar') }))
    await t.rejects(run([exported]), { code: 'ERR_INPUT', message })
    t.same(readdirSync(root), [])
  })
}

test('what a snapshot deletes may stand beside what has the same path', async (t) => {
  const entries = [empty('a', 'directory'), empty('a', 'opaque'), empty('b', 'whiteout'), empty('b')]
  const destination = join(t.testdir(), 'root.tar')
  const [receipt] = await run([tar(imageWith(entries), optionsOf('tar', { destination }))])
  t.equal(receipt?.destination, destination)
})
