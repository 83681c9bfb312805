import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { type Test, test } from 'tap'
import { createEntry, type Entry, type EntryBatch, type EntryType } from '../../lib/diff/entry.js'
import { type LayeredSnapshot, layerSnapshots } from '../../lib/diff/layered.js'
import { collect } from '../helpers/tars.js'
import { withTmpfs } from '../helpers/tmpfs.js'

/** A layer in short: `dir/`, `file=body`, `link->target` (symlink), `link=>target` (hard link), `-gone`, `dir!` (opaque). */
function layer(...items: readonly string[]): Readable {
  return Readable.from([items.flatMap(entryOf)])
}

function entryOf(item: string): EntryBatch {
  const [, path = '', sign = '', rest = ''] = /^(-?[^=!>]*?)(\/$|!$|=>|->|=|$)(.*)$/.exec(item) ?? []
  if (path.startsWith('-')) return [createEntry({ path: path.slice(1), type: 'whiteout' })]
  if (sign === '=') return [make(path, 'file', { size: rest.length }), Buffer.from(rest)]
  if (sign === '->') return [make(path, 'symlink', { link: rest })]
  if (sign === '=>') return [make(path, 'hardlink', { link: rest })]
  return [make(path, sign === '!' ? 'opaque' : 'directory', {})]
}

const make = (path: string, type: EntryType, fields: Partial<Entry>): Entry =>
  createEntry({ path, type, mode: 0o700, ...fields })

async function merge(t: Test, layers: readonly Readable[], keepWhiteouts = false): Promise<LayeredSnapshot> {
  const spool = join(t.testdir(), 'spool')
  const snapshot = await layerSnapshots(iterate(layers), { spool: async () => spool, keepWhiteouts, subject: 'test' })
  t.teardown(() => snapshot.close())
  return snapshot
}

async function* iterate<T>(items: Iterable<T>): AsyncGenerator<T> {
  yield* items
}

/** The merged file system in the spelling of `layer`; a directory without an entry of its own has a `?`. */
async function merged(t: Test, ...layers: readonly Readable[]): Promise<string> {
  return spell(await merge(t, layers))
}

async function spell(snapshot: LayeredSnapshot): Promise<string> {
  const found = await collect(snapshot.contents(snapshot.walk()))
  return found.map(({ entry, body }) => spellOne(entry, body)).join(' ')
}

function spellOne({ path, type, link, mode }: Entry, body: Buffer): string {
  if (type === 'whiteout') return `-${path}`
  if (type === 'opaque') return `${path}!`
  if (type === 'directory') return `${path}/${mode === 0o755 ? '?' : ''}`
  return type === 'file' ? `${path}=${body}` : `${path}${type === 'symlink' ? '->' : '=>'}${link}`
}

test('entries of upper layers replace those below, and all come in walk order', async (t) => {
  t.equal(await merged(t, layer('b=1', 'a/', 'a.x=1', 'a/z=1'), layer('b=2', 'a/c=2')), 'a/ a/c=2 a/z=1 a.x=1 b=2')
})

test('a whiteout deletes a path with all below it', async (t) => {
  t.equal(await merged(t, layer('a/', 'a/b/', 'a/b/c=1', 'd=1'), layer('-a/b', '-d', '-never/there')), 'a/')
})

test('a whiteout hides no entry of its own layer, wherever it stands', async (t) => {
  const below = ['a/', 'a/old=1']
  for (const items of [
    ['-a', 'a/', 'a/new=2'],
    ['a/', 'a/new=2', '-a'],
    ['a/new=2', '-a', 'a/']
  ])
    t.equal(await merged(t, layer(...below), layer(...items)), 'a/ a/new=2')
})

test('an opaque whiteout hides all that lower layers have in a directory, wherever it stands', async (t) => {
  const below = ['a/', 'a/old=1', 'a/d/', 'a/d/old=1', 'b=1']
  for (const items of [
    ['a!', 'a/', 'a/d/new=2'],
    ['a/d/new=2', 'a/', 'a!']
  ])
    t.equal(await merged(t, layer(...below), layer(...items)), 'a/ a/d/? a/d/new=2 b=1')
  t.equal(await merged(t, layer(...below), layer('!', 'c=2')), 'c=2', 'the root')
})

test('a directory that was deleted and is only implied now has lost its own entry', async (t) => {
  t.equal(await merged(t, layer('a/', 'a/old=1'), layer('a/new=2', '-a')), 'a/? a/new=2')
  t.equal(await merged(t, layer('a=1'), layer('a/new=2', '-a')), 'a/? a/new=2')
})

test('a directory that a layer of nothing but whiteouts deleted is made anew by the next', async (t) => {
  t.equal(await merged(t, layer('a/', 'a/old=1'), layer('-a'), layer('a/new=2')), 'a/? a/new=2')
})

test('what is no directory replaces a directory with all below it, and the other way round', async (t) => {
  t.equal(await merged(t, layer('a/', 'a/b/', 'a/b/c=1'), layer('a->x')), 'a->x')
  t.equal(await merged(t, layer('a=1'), layer('a/b=2', 'a/')), 'a/ a/b=2')
})

test('directories that no layer lists are made, and a later entry gives them theirs', async (t) => {
  t.equal(await merged(t, layer('a/b/c=1')), 'a/? a/b/? a/b/c=1')
  t.equal(await merged(t, layer('a/b/c=1', 'a/b/'), layer('a/')), 'a/ a/b/ a/b/c=1')
})

test('the first name of a hard link in walk order has the body', async (t) => {
  t.equal(await merged(t, layer('m=1', 'z=>m', 'b=>m')), 'b=1 m=>b z=>b')
  t.equal(await merged(t, layer('s->x', 'a=>s')), 'a->x s=>a')
})

test('a hard link to a lower layer outlives the path that it was made to', async (t) => {
  t.equal(await merged(t, layer('a=1'), layer('b=>a', 'c=>a'), layer('-a')), 'b=1 c=>b')
  t.equal(await merged(t, layer('a=1'), layer('b=>a', '-a')), 'b=1', 'in one layer')
  t.equal(await merged(t, layer('a=1', 'b=>a'), layer('a=2')), 'a=2 b=1', 'replaced')
})

test('a hard link may stand before what it links to, also over others', async (t) => {
  t.equal(await merged(t, layer('a=>b', 'b=>c', 'c=1')), 'a=1 b=>a c=>a')
})

test('a directory twice in a layer is merged', async (t) => {
  const twice = Readable.from([[make('a', 'directory', { mode: 0o755 }), make('a', 'directory', {})]])
  t.equal(await merged(t, twice), 'a/')
})

test('one tar that becomes a layer keeps its whiteouts, in their places, and gets no directories', async (t) => {
  const snapshot = await merge(t, [layer('d/x=1', '-d/a', 'd!', '-b', '-d', 'd/', 'e/f=2', '!', 'h=>elsewhere')], true)
  t.equal(await spell(snapshot), '! -b -d d/ d! -d/a d/x=1 e/f=2 h=>elsewhere')
})

test('one body can be read by any of its names, also of a size of nothing', async (t) => {
  const snapshot = await merge(t, [layer('a=', 'b=body', 'c=>b')])
  t.same(await buffer(snapshot.open(make('b', 'file', { size: 4 }))), Buffer.from('body'))
  t.same(await buffer(snapshot.open(make('c', 'file', { size: 4 }))), Buffer.from('body'))
  t.same(await buffer(snapshot.open(make('a', 'file', { size: 0 }))), Buffer.alloc(0))
})

test('large and small bodies come back whole, in batches of about 1 MiB', async (t) => {
  const sizes = [0, 1, 3_000_000, 70_000, 1_048_576, 600_000, 600_000, 5]
  const bodies = sizes.map((size, at) => Buffer.alloc(size, `${at}body`))
  const batches = bodies.flatMap((body, at) => {
    const entry = make(`f${9 - at}`, 'file', { size: body.length })
    return [[entry, body.subarray(0, 10)], [body.subarray(10)]]
  })
  const snapshot = await merge(t, [Readable.from(batches)])
  const found = await collect(snapshot.contents(snapshot.walk()))
  for (const [at, { body }] of found.toReversed().entries()) t.ok(body.equals(bodies[at] ?? Buffer.alloc(0)))
  for await (const batch of snapshot.contents(snapshot.walk()))
    t.ok(batch.reduce((sum, item) => sum + (Buffer.isBuffer(item) ? item.length : 0), 0) <= 2 ** 20)
})

const refused: readonly [name: string, layers: readonly Readable[], says: RegExp, keepWhiteouts?: boolean][] = [
  [
    'an entry below a file',
    [layer('a=1', 'a/b=2')],
    /layer 1, entry a\/b: expected a directory above it, found a file/
  ],
  ['a file over its own entries', [layer('a/b=2', 'a=1')], /layer 1, entry a\/b/],
  [
    'an entry through a link of a lower layer',
    [layer('a->b', 'b/'), layer('a/c=1')],
    /layer 2, entry a\/c: .* a symlink/
  ],
  ['a whiteout through a link', [layer('a->b', 'b/'), layer('-a/c')], /layer 2, entry a\/c/],
  ['an opaque file', [layer('a=1'), layer('a!')], /expected an opaque directory, found a file/],
  ['a file twice in a layer', [layer('a=1', 'a=2')], /every path once/],
  ['a hard link to nothing', [layer('a=1'), layer('b=>c')], /layer 2, entry b: expected a hard link to something/],
  ['hard links in a circle', [layer('a=>b', 'b=>a')], /expected a hard link to something/],
  ['a hard link to a directory', [layer('d/', 'a=>d')], /found one to a directory/],
  ['a directory twice in a tar', [layer('d/', 'd/')], /^merge layers: test, entry d: expected every path once/, true]
]

for (const [name, layers, says, keepWhiteouts = false] of refused) {
  test(`${name} is an input error, and the spool is gone`, async (t) => {
    const spool = join(t.testdir(), 'spool')
    const merging = layerSnapshots(iterate(layers), { spool: async () => spool, keepWhiteouts, subject: 'test' })
    await t.rejects(merging, { code: 'ERR_INPUT', message: says })
    t.notOk(existsSync(spool))
  })
}

test('a layer that fails midway is the error, and the spool is gone', async (t) => {
  const spool = join(t.testdir(), 'spool')
  const failing = Readable.from(
    (async function* () {
      yield entryOf('a=1')
      throw new Error('cut off')
    })()
  )
  await t.rejects(layerSnapshots(iterate([failing]), { spool: async () => spool, keepWhiteouts: false }), /cut off/)
  t.notOk(existsSync(spool))
})

test('a spool that cannot be written says where and what to do', async (t) => {
  const spool = join(t.testdir(), 'missing', 'spool')
  const merging = layerSnapshots(iterate([layer('a=1')]), { spool: async () => spool, keepWhiteouts: false })
  await t.rejects(merging, { code: 'ERR_OUTPUT', message: /missing\/spool: .*TMPDIR/ })
})

test('a full disk says so, and the spool is gone', async (t) => {
  const big = Readable.from([[make('a', 'file', { size: 3_000_000 }), Buffer.alloc(3_000_000)]])
  const mounted = await withTmpfs('size=1m', async (path) => {
    const merging = layerSnapshots(iterate([big]), { spool: async () => join(path, 'spool'), keepWhiteouts: false })
    await t.rejects(merging, { code: 'ERR_OUTPUT', message: /spool: .*free space/i })
    t.same(readdirSync(path), [])
  })
  if (!mounted) t.pass('a full disk', { skip: 'mounting is not permitted' })
})
