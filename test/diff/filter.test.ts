import { Readable } from 'node:stream'
import { test } from 'tap'
import { createEntry, type EntryBatch } from '../../lib/diff/entry.js'
import { type FilterOptions, filterEntries } from '../../lib/diff/filter.js'
import { InputError, UsageError } from '../../lib/errors.js'
import { flow } from '../../lib/streams/flow.js'

const tree: EntryBatch = [
  'a/',
  'a/b/',
  'a/b/one.js',
  'a/b/two.ts',
  'a/c/',
  'a/c/three.js',
  'bin/',
  'bin/tool',
  'na\xc3\xafve',
  'top.js'
].flatMap((path) =>
  path.endsWith('/')
    ? [createEntry({ path: path.slice(0, -1), type: 'directory' })]
    : [createEntry({ path, type: 'file', size: 1 }), Buffer.from(path.slice(0, 1))]
)

async function filter(options: Partial<FilterOptions>, entries: EntryBatch = tree): Promise<string[]> {
  const stream = filterEntries({ include: [], exclude: [], ...options })
  const [kept] = await Promise.all([
    stream.toArray() as Promise<EntryBatch[]>,
    flow([Readable.from(entries.map((item) => [item])), stream])
  ])
  return kept.flat().map((item) => (Buffer.isBuffer(item) ? `  ${item}` : item.path))
}

const paths = async (options: Partial<FilterOptions>): Promise<string[]> =>
  (await filter(options)).filter((line) => !line.startsWith(' '))

test('without patterns all stays', async (t) => {
  t.equal((await filter({})).length, tree.length)
})

test('what is included comes with the directories that lead to it, and bodies go with their entries', async (t) => {
  t.same(await filter({ include: ['**/*.js'] }), [
    'a',
    'a/b',
    'a/b/one.js',
    '  a',
    'a/c',
    'a/c/three.js',
    '  a',
    'top.js',
    '  t'
  ])
})

test('a directory that is included comes with all that is below', async (t) => {
  t.same(await paths({ include: ['a/b'] }), ['a', 'a/b', 'a/b/one.js', 'a/b/two.ts'])
})

test('what is excluded goes with all that is below, and ! takes back', async (t) => {
  t.same(await paths({ exclude: ['a', '!a/c', 'bin/tool'] }), [
    'a',
    'a/c',
    'a/c/three.js',
    'bin',
    'na\xc3\xafve',
    'top.js'
  ])
})

test('exclude decides over include', async (t) => {
  t.same(await paths({ include: ['a'], exclude: ['**/*.ts'] }), ['a', 'a/b', 'a/b/one.js', 'a/c', 'a/c/three.js'])
})

test('a question mark is one character of a name, not one byte', async (t) => {
  t.same(await paths({ include: ['na?ve'] }), ['na\xc3\xafve'])
})

test('entries may come in any order, with or without their directories', async (t) => {
  const entry = (path: string) => createEntry({ path, type: path.endsWith('s') ? 'file' : 'directory' })
  const entries = ['a/b/ones', 'c', 'd/es', 'c/kept', 'd', 'c/kept/fs', 'a/b', 'a', 'a/twos'].map(entry)
  t.same(await filter({ exclude: ['a/b'] }, entries), ['c', 'd/es', 'c/kept', 'd', 'c/kept/fs', 'a', 'a/twos'])
  t.same(await filter({ include: ['**/fs'] }, entries), ['c', 'c/kept', 'c/kept/fs'])
})

test('a malformed pattern is a usage error', (t) => {
  t.throws(() => filterEntries({ include: ['[a'], exclude: [] }), UsageError)
  t.end()
})

test('a hard link whose contents were left out is an error that names both', async (t) => {
  const linked: EntryBatch = [...tree, createEntry({ path: 'zlink', type: 'hardlink', link: 'top.js' })]
  await t.rejects(filter({ exclude: ['top.js'] }, linked), { constructor: InputError, message: /zlink.*top\.js/ })
  t.equal((await filter({ exclude: ['top.js', 'zlink'] }, linked)).length, tree.length - 2)
})
