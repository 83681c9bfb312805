import { readdir, readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Test, test } from 'tap'
import { createRecords } from '../../lib/blob/records.js'
import { type BareFileRecords, createBareFileRecords } from '../../lib/diff/bare-files.js'
import { createDirectorySnapshot } from '../../lib/diff/directory.js'
import { readHeader } from '../../lib/diff/read-header.js'
import { writeXattr } from '../../lib/diff/xattr.js'

const settle = () => new Promise((resolve) => setTimeout(resolve, 100))

/** As many as are kept of a directory. */
const LIMIT = 2 ** 17

interface Prepared {
  /** A directory, not touched since a while. */
  readonly tree: string
  readonly bare: BareFileRecords
  /** Where they are kept. */
  readonly records: string
}

async function prepare(
  t: Test,
  tree: Readonly<Record<string, string | Readonly<Record<string, string>>>>
): Promise<Prepared> {
  const directory = t.testdir({ tree })
  await settle()
  const bare = createBareFileRecords(createRecords(join(directory, 'records')))
  return { tree: join(directory, 'tree'), bare, records: join(directory, 'records/bare-files-1') }
}

/** The paths of a directory, and which of them have an attribute. */
async function attributesOf(
  directory: string,
  bare: BareFileRecords
): Promise<readonly (readonly [string, boolean])[]> {
  const found: (readonly [string, boolean])[] = []
  for await (const batch of createDirectorySnapshot(directory, { bare }).walk())
    for (const { path, xattrs } of batch) found.push([path, xattrs !== null])
  return found
}

test('what is known to have no extended attributes is not asked for them', async (t) => {
  const path = join((await prepare(t, { file: '' })).tree, 'file')
  if (!writeXattr(path, 'user.a', Buffer.from('b')))
    return t.pass('extended attributes', { skip: 'the file system has none' })
  await settle()
  t.equal(readHeader(path, 'file').entry?.xattrs?.size, 1)
  t.equal(readHeader(path, 'file', { has: () => true, add: () => {} }).entry?.xattrs, null)
})

test('a file that gets an attribute after a walk has it in the next, and those that it lay beside have none', async (t) => {
  const { tree, bare } = await prepare(t, { a: '', d: { b: '', c: '' } })
  const none = ['a', 'd', 'd/b', 'd/c'].map((path) => [path, false] as const)
  t.same(await attributesOf(tree, bare), none)
  t.same(await attributesOf(tree, bare), none, 'from the records')
  if (
    !writeXattr(join(tree, 'd/b'), 'user.a', Buffer.from('b')) ||
    !writeXattr(join(tree, 'd'), 'user.a', Buffer.from('b'))
  )
    return t.pass('extended attributes', { skip: 'the file system has none' })
  const some = none.map(([path]) => [path, path === 'd' || path === 'd/b'] as const)
  t.same(await attributesOf(tree, bare), some)
  await settle()
  t.same(await attributesOf(tree, bare), some)
  t.same(await attributesOf(tree, bare), some, 'from the records')
})

test('what changed a moment ago is not remembered, because it could change again and look the same', async (t) => {
  const { tree, bare, records } = await prepare(t, { old: '' })
  await writeFile(join(tree, 'new'), '')
  const { ctimeMs } = await stat(join(tree, 'new'))
  t.intercept(Date, 'now', { value: () => ctimeMs + 1 }) // however long the machine is busy with something else
  await attributesOf(tree, bare)
  const [name = ''] = await readdir(records)
  const { value } = JSON.parse(await readFile(join(records, name), 'utf8'))
  t.equal(value.text.split(' ').length, 1)
})

test('only what the last walk met is kept, of a directory each', async (t) => {
  const { bare } = await prepare(t, {})
  const first = await bare.recall('/one')
  for (const identity of ['1:1:1', '1:2:1']) first.add(identity)
  await first.keep()
  const second = await bare.recall('/one')
  t.same([second.has('1:1:1'), second.has('1:3:1')], [true, false])
  second.add('1:3:1')
  await second.keep()
  const third = await bare.recall('/one')
  t.same([third.has('1:1:1'), third.has('1:2:1'), third.has('1:3:1')], [true, false, true])
  t.notOk((await bare.recall('/other')).has('1:1:1'))
})

test('files that come in another order are found, once it is clear that they do', async (t) => {
  const { bare } = await prepare(t, {})
  const first = await bare.recall('/one')
  const identities = Array.from({ length: 1000 }, (_, inode) => `1:${inode}:1`)
  for (const identity of identities) first.add(identity)
  await first.keep()
  const second = await bare.recall('/one')
  const found = identities.toReversed().filter((identity) => second.has(identity))
  t.ok(found.length > 900 && found.length < 1000, `${found.length} found`)
})

test('where hardly any file is new, those few are asked again, and the record stays as it is', async (t) => {
  const { bare, records } = await prepare(t, {})
  const first = await bare.recall('/one')
  const identities = Array.from({ length: 1000 }, (_, inode) => `1:${inode}:1`)
  for (const identity of identities) first.add(identity)
  await first.keep()
  const [name = ''] = await readdir(records)
  const before = await readFile(join(records, name))
  for (const changed of [1, 100]) {
    const next = await bare.recall('/one')
    for (let inode = 0; inode < changed; inode += 1) if (!next.has(`1:${inode}:2`)) next.add(`1:${inode}:2`)
    const found = identities.slice(changed).filter((identity) => next.has(identity))
    t.equal(found.length, 1000 - changed)
    await next.keep()
    t.equal((await readFile(join(records, name))).equals(before), changed === 1)
  }
})

test('no more are kept than there is memory for', async (t) => {
  const { bare } = await prepare(t, {})
  const first = await bare.recall('/one')
  for (let inode = 0; inode <= LIMIT; inode += 1) first.add(`1:${inode}:1`)
  await first.keep()
  const second = await bare.recall('/one')
  const known = Array.from({ length: LIMIT + 1 }, (_, inode) => second.has(`1:${inode}:1`))
  t.same([known.indexOf(false), known.lastIndexOf(true)], [LIMIT, LIMIT - 1])
})

test('a damaged record is as good as none', async (t) => {
  const { bare, records } = await prepare(t, {})
  const known = await bare.recall('/one')
  known.add('1:1:1')
  await known.keep()
  const [name = ''] = await readdir(records)
  const record = await readFile(join(records, name), 'utf8')
  await writeFile(join(records, name), record.replace('1:1:1', '1:1:2'))
  t.notOk((await bare.recall('/one')).has('1:1:2'))
  await writeFile(join(records, name), record.slice(0, 40))
  t.notOk((await bare.recall('/one')).has('1:1:1'))
})
