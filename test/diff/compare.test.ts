import { Readable } from 'node:stream'
import fc from 'fast-check'
import { test } from 'tap'
import { changedEntries } from '../../lib/diff/changeset.js'
import { comparePaths, createEntry, type Entry } from '../../lib/diff/entry.js'
import type { ComparedXattrs } from '../../lib/diff/same.js'
import type { Snapshot } from '../../lib/diff/snapshot.js'

/** A snapshot held in memory; bodies are the strings of `bodies`. */
function snapshotOf(entries: readonly Entry[], bodies: Readonly<Record<string, string>> = {}): Snapshot {
  const sorted = entries.toSorted((a, b) => comparePaths(a.path, b.path))
  return {
    async *walk() {
      for (const entry of sorted) yield [entry]
    },
    async *contents(chosen) {
      for await (const entries of chosen) {
        yield entries.flatMap((entry) =>
          entry.type === 'file' ? [entry, Buffer.from(bodies[entry.path] ?? '')] : [entry]
        )
      }
    },
    open: (entry) => Readable.from([Buffer.from(bodies[entry.path] ?? '')])
  }
}

async function changes(lower: Snapshot, upper: Snapshot, xattrs?: ComparedXattrs): Promise<string[]> {
  const lines: string[] = []
  for await (const entries of changedEntries(lower, upper, xattrs)) {
    for (const { type, path, link } of entries) lines.push([type, path, link].filter(Boolean).join(' '))
  }
  return lines
}

const directory = (path: string, mode = 0o755): Entry => createEntry({ path, type: 'directory', mode })
const file = (path: string, fields: Partial<Entry> = {}): Entry =>
  createEntry({ path, type: 'file', mode: 0o644, size: 1, mtime: 1, nanoseconds: 1, ...fields })
const link = (path: string, target: string): Entry => createEntry({ path, type: 'hardlink', link: target, mtime: 1 })

test('a path is added, modified or deleted, and its unmodified directories are listed once before it', async (t) => {
  const lower = snapshotOf([directory('d'), directory('d/e'), file('d/e/gone'), file('d/e/kept'), file('d/e/new')])
  const upper = snapshotOf([
    directory('d'),
    directory('d/e'),
    file('d/e/kept'),
    file('d/e/new', { mtime: 2 }),
    file('z')
  ])
  t.same(await changes(lower, upper), ['directory d', 'directory d/e', 'whiteout d/e/gone', 'file d/e/new', 'file z'])
})

test('a removed directory is one whiteout', async (t) => {
  const lower = snapshotOf([directory('d'), file('d/a'), directory('d/e'), file('d/e/b'), file('d.txt')])
  t.same(await changes(lower, snapshotOf([file('d.txt')])), ['whiteout d'])
})

test('a directory that became a file is that file alone, and the other way round', async (t) => {
  const asDirectory = snapshotOf([directory('d'), file('d/a')])
  const asFile = snapshotOf([file('d')])
  t.same(await changes(asDirectory, asFile), ['file d'])
  t.same(await changes(asFile, asDirectory), ['directory d', 'file d/a'])
})

test('where both times are whole seconds the contents decide', async (t) => {
  const cut = [file('a', { nanoseconds: 0 }), file('b', { nanoseconds: 0 })]
  const lower = snapshotOf(cut, { a: 'x', b: 'x' })
  const upper = snapshotOf(cut, { a: 'x', b: 'y' })
  t.same(await changes(lower, upper), ['file b'])
})

test('where a time was cut to seconds on one side, or is as far off as in a copy, the contents decide', async (t) => {
  const [at, before] = [{ nanoseconds: 123_456_789 }, { mtime: -1, nanoseconds: 123_456_789 }]
  const lower = [file('copied', at), file('cut', at), file('late', at), file('old', before), file('touched', at)]
  const upper = (body: string) =>
    snapshotOf(
      [
        file('copied', { nanoseconds: 123_456_000 }),
        file('cut', { nanoseconds: 0 }),
        file('late', { mtime: 2, nanoseconds: 0 }),
        file('old', { mtime: -1, nanoseconds: 123_000_000 }),
        file('touched', { nanoseconds: 123_457_789 })
      ],
      { copied: body, cut: body, late: 'x', old: body, touched: 'x' }
    )
  const bodies = Object.fromEntries(lower.map(({ path }) => [path, 'x']))
  t.same(await changes(snapshotOf(lower, bodies), upper('x')), ['file late', 'file touched'])
  const all = ['file copied', 'file cut', 'file late', 'file old', 'file touched']
  t.same(await changes(snapshotOf(lower, bodies), upper('y')), all)
})

test('a change of other attributes than capabilities counts only where all are compared', async (t) => {
  const attributed = (value: string) => file('a', { xattrs: new Map([['user.a', Buffer.from(value)]]) })
  const [none, one, other] = [file('a'), attributed('1'), attributed('2')].map((entry) => snapshotOf([entry]))
  if (!none || !one || !other) throw new Error('three snapshots were made')
  t.same(await changes(one, one, 'all'), [])
  for (const [lower, upper] of [
    [none, one],
    [one, none],
    [one, other]
  ] as const) {
    t.same(await changes(lower, upper, 'capability'), [])
    t.same(await changes(lower, upper, 'all'), ['file a'])
  }
})

test('a directory is not listed because its own time changed', async (t) => {
  const lower = snapshotOf([createEntry({ path: 'd', type: 'directory', mtime: 1 })])
  const upper = snapshotOf([createEntry({ path: 'd', type: 'directory', mtime: 2 })])
  t.same(await changes(lower, upper), [])
})

test('a new link to an old file brings the contents and relinks the old paths', async (t) => {
  const lower = snapshotOf([file('a'), link('b', 'a')])
  const upper = snapshotOf([file('a'), link('b', 'a'), link('c', 'a'), link('d', 'a')])
  t.same(await changes(lower, upper), ['file c', 'hardlink a c', 'hardlink b c', 'hardlink d c'])
})

test('a modified inode is listed under all of its paths', async (t) => {
  const lower = snapshotOf([file('a'), link('b', 'a')])
  const upper = snapshotOf([file('a', { mtime: 2 }), link('b', 'a')])
  t.same(await changes(lower, upper), ['file a', 'hardlink b a'])
})

test('paths are walked by component: what is in a directory comes before what sorts after its name', (t) => {
  const paths = ['a.txt', 'a/b', 'a', 'a-b', 'a/b.c', 'a/b/c', '\xff', 'b']
  t.same(paths.toSorted(comparePaths), ['a', 'a/b', 'a/b/c', 'a/b.c', 'a-b', 'a.txt', 'b', '\xff'])
  t.end()
})

test('equal snapshots differ in nothing, whatever they hold', async () => {
  const name = fc.constantFrom('a', 'b', 'c.d', 'é')
  await fc.assert(
    fc.asyncProperty(fc.uniqueArray(name, { maxLength: 4 }), async (names) => {
      const entries = names.flatMap((each) => [directory(each), file(`${each}/x`), file(`${each}/y`)])
      return (await changes(snapshotOf(entries), snapshotOf(entries))).length === 0
    })
  )
})
