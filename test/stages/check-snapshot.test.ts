import { linkSync, readdirSync, readFileSync, utimesSync } from 'node:fs'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { test } from 'tap'
import { createDirectorySnapshot } from '../../lib/diff/directory.js'
import { createEntry, type Entry } from '../../lib/diff/entry.js'
import type { Snapshot } from '../../lib/diff/snapshot.js'
import { run, source } from '../../lib/graph/index.js'
import { imageOf } from '../../lib/source/image-of.js'
import type { LayerSource } from '../../lib/stages/items.js'
import { optionsOf } from '../../pipelines/options/defaults.js'
import { tar } from '../../pipelines/tar.js'
import { extractAll } from '../helpers/tars.js'

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
  return imageOfLayer({ kind: 'snapshot', lower: null, upper: snapshotOf(entries), history: [] })
}

function imageOfLayer(item: LayerSource) {
  return imageOf([source<null, LayerSource>('own source', () => Readable.from([item]))(null)], request)
}

for (const [what, entries, message] of [
  ['a path outside of the root', [empty('../a')], /snapshot, entry \.\.\/a: expected a path/],
  ['an absolute path', [empty('/a')], /snapshot, entry \/a: expected a path below the root/],
  ['a path twice', [empty('a'), empty('a')], /entry a: expected walk order, in which it comes once/],
  ['a deletion twice', [empty('a', 'whiteout'), empty('a', 'whiteout')], /entry a: expected walk order/],
  ['a directory behind what it hides', [empty('a', 'opaque'), empty('a', 'directory')], /in which it comes before/],
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
  const a = [empty('a', 'whiteout'), empty('a', 'directory'), empty('a', 'opaque')]
  const entries = [...a, empty('b', 'whiteout'), empty('b'), empty('c', 'whiteout'), empty('c', 'opaque')]
  const destination = join(t.testdir(), 'root.tar')
  const [receipt] = await run([tar(imageWith(entries), optionsOf('tar', { destination }))])
  t.equal(receipt?.destination, destination)
})

test('a layer that moves the contents of a hard link to a new path was taken for one out of order', async (t) => {
  const root = t.testdir({ lower: { a: 'contents' }, upper: { a: 'contents' } })
  linkSync(join(root, 'upper/a'), join(root, 'upper/b'))
  for (const side of ['lower', 'upper']) utimesSync(join(root, side, 'a'), 1, 1)
  const [lower, upper] = ['lower', 'upper'].map((side) => createDirectorySnapshot(join(root, side)))
  if (!lower || !upper) throw new TypeError('two snapshots')
  const layer = imageOfLayer({ kind: 'snapshot', lower, upper, history: [] })
  const destination = join(root, 'root.tar')
  await run([tar(layer, optionsOf('tar', { destination }))])
  const extracted = await extractAll(readFileSync(destination))
  t.same(
    extracted.map(({ entry }) => entry.path),
    ['b', 'a']
  )
})
