import { execFileSync } from 'node:child_process'
import {
  appendFileSync,
  linkSync,
  lutimesSync,
  mkdirSync,
  mkdtempSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync
} from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'tap'
import { createDirectorySnapshot } from '../../lib/diff/directory.js'
import { comparePaths, type Entry, type EntryBatch } from '../../lib/diff/entry.js'
import type { Snapshot } from '../../lib/diff/snapshot.js'
import { writeXattr } from '../../lib/diff/xattr.js'
import { bufferOf, bytesOfText } from '../../lib/streams/bytes.js'

async function entriesOf(snapshot: Snapshot): Promise<Entry[]> {
  const entries: Entry[] = []
  for await (const batch of snapshot.walk()) entries.push(...batch)
  return entries
}

/** Every entry's body, by path. */
async function bodiesOf(snapshot: Snapshot): Promise<Record<string, string>> {
  const bodies: Record<string, string> = {}
  let path = ''
  for await (const batch of snapshot.contents(snapshot.walk()) as AsyncIterable<EntryBatch>) {
    for (const item of batch) {
      if (!Buffer.isBuffer(item)) path = item.path
      else bodies[path] = (bodies[path] ?? '') + item.toString()
    }
  }
  return bodies
}

const isRoot = process.getuid?.() === 0

test('a directory is walked in path order with headers as lstat has them', async (t) => {
  const directory = t.testdir({ a: { b: 'bb', 'b.c': 'c' }, 'a.txt': 'text', 'a-b': '' })
  symlinkSync('../nowhere', join(directory, 'link'))
  lutimesSync(join(directory, 'link'), 1, 1)
  execFileSync('touch', ['-d', '@-1.5', join(directory, 'a.txt')])
  const entries = await entriesOf(createDirectorySnapshot(`${directory}/`))
  const paths = entries.map(({ path }) => path)
  t.same(paths, ['a', 'a/b', 'a/b.c', 'a-b', 'a.txt', 'link'])
  t.same(paths, paths.toSorted(comparePaths))
  t.match(entries[1], { type: 'file', size: 2, uid: process.getuid?.(), xattrs: null })
  t.match(entries[4], { mtime: -2, nanoseconds: 500_000_000 }, 'a time before 1970 keeps its fraction above the second')
  t.match(entries[5], { type: 'symlink', link: '../nowhere', size: 0, mtime: 1, nanoseconds: 0 })
})

test('the first path of an inode is the entry and later ones are links to it', async (t) => {
  const directory = t.testdir({ b: 'same', c: {} })
  linkSync(join(directory, 'b'), join(directory, 'c/d'))
  linkSync(join(directory, 'b'), join(directory, 'a'))
  const snapshot = createDirectorySnapshot(directory)
  t.match(await entriesOf(snapshot), [
    { path: 'a', type: 'file', size: 4 },
    { path: 'b', type: 'hardlink', link: 'a', size: 0 },
    { path: 'c' },
    { path: 'c/d', type: 'hardlink', link: 'a', size: 0 }
  ])
  t.same(await bodiesOf(snapshot), { a: 'same' })
})

test('a name that is not UTF-8 comes out as it went in', async (t) => {
  const directory = t.testdir({ ü: 'text' })
  const name = Buffer.concat([Buffer.from(`${directory}/`), Buffer.from([0x66, 0xff, 0xfe])])
  writeFileSync(name, 'bytes')
  const snapshot = createDirectorySnapshot(directory)
  t.same(
    (await entriesOf(snapshot)).map(({ path }) => path),
    ['f\xff\xfe', bytesOfText('ü')]
  )
  t.same(await bodiesOf(snapshot), { 'f\xff\xfe': 'bytes', [bytesOfText('ü')]: 'text' })
})

test('extended attributes got lost below a name that is not UTF-8, and of a file with one nobody said so', async (t) => {
  const directory = t.testdir({ plain: '' })
  if (!writeXattr(join(directory, 'plain'), 'user.a', Buffer.from('b')))
    return t.pass('extended attributes', { skip: 'the file system has none' })
  const below = bytesOfText(`${directory}/`)
  mkdirSync(bufferOf(`${below}\xff`))
  renameSync(join(directory, 'plain'), bufferOf(`${below}\xff/plain`))
  writeFileSync(bufferOf(`${below}\xfe`), '')
  let unreachable = 0
  const snapshot = createDirectorySnapshot(directory, { onSkipped: ({ xattrs }) => (unreachable += xattrs) })
  const found = (await entriesOf(snapshot)).map(({ path, xattrs }) => [path, xattrs?.get('user.a')?.toString()])
  t.same(found, [
    ['\xfe', undefined],
    ['\xff', undefined],
    ['\xff/plain', 'b']
  ])
  t.equal(unreachable, 1)
})

test('a socket is left out and counted', async (t) => {
  // Not below the checkout: the path of a socket may have no more than 107 bytes.
  const directory = mkdtempSync(join(tmpdir(), 'layerpipe-'))
  t.teardown(() => rmSync(directory, { recursive: true }))
  writeFileSync(join(directory, 'a'), '')
  const server = createServer().listen(join(directory, 'socket'))
  await new Promise((resolve) => server.once('listening', resolve))
  let sockets = 0
  const snapshot = createDirectorySnapshot(directory, { onSkipped: (skipped) => (sockets += skipped.sockets) })
  t.same(
    (await entriesOf(snapshot)).map(({ path }) => path),
    ['a']
  )
  t.equal(sockets, 1)
  await new Promise((resolve) => server.close(resolve))
})

test('a directory can stand below the root, with directories that lead to it', async (t) => {
  const directory = t.testdir({ a: 'a' })
  const snapshot = createDirectorySnapshot(directory, { target: 'usr/share/app' })
  t.same(
    (await entriesOf(snapshot)).map(({ path, type }) => [path, type]),
    [
      ['usr', 'directory'],
      ['usr/share', 'directory'],
      ['usr/share/app', 'directory'],
      ['usr/share/app/a', 'file']
    ]
  )
  t.same(await bodiesOf(snapshot), { 'usr/share/app/a': 'a' })
})

test('devices, fifos and capabilities are kept', { skip: isRoot ? false : 'only root can make devices' }, async (t) => {
  const directory = t.testdir({ program: 'x' })
  execFileSync('mknod', [join(directory, 'null'), 'c', '1', '300'])
  execFileSync('mkfifo', [join(directory, 'pipe')])
  const snapshot = createDirectorySnapshot(directory)
  t.match(await entriesOf(snapshot), [
    { path: 'null', type: 'character-device', major: 1, minor: 300 },
    { path: 'pipe', type: 'fifo' },
    { path: 'program', type: 'file' }
  ])
})

test('files of all sizes come through whole, small ones together and large ones in pieces', async (t) => {
  const sizes = [0, 1, 511, 2 ** 18, 2 ** 18 + 1, 2 ** 20, 2 ** 20 + 1, 3_000_000]
  const directory = t.testdir(Object.fromEntries(sizes.map((size) => [`f${size}`, 'x'.repeat(size)])))
  const bodies = await bodiesOf(createDirectorySnapshot(directory))
  for (const size of sizes) t.equal(bodies[`f${size}`]?.length ?? 0, size, `${size} bytes`)
})

for (const size of [10, 1_000_000]) {
  test(`a file of ${size} bytes that grew or shrank since its directory was read is an error`, async (t) => {
    const directory = t.testdir({ victim: 'x'.repeat(size) })
    const victim = join(directory, 'victim')
    const read = async (change: () => void): Promise<void> => {
      const snapshot = createDirectorySnapshot(directory)
      const entries = await entriesOf(snapshot)
      change()
      for await (const _ of snapshot.contents(
        (async function* () {
          yield entries
        })()
      ));
    }
    const wanted = { code: 'ERR_INPUT', message: /victim.*expected \d+ bytes.*try again when nobody writes/ }
    await t.rejects(
      read(() => appendFileSync(victim, 'y')),
      wanted
    )
    await t.rejects(
      read(() => truncateSync(victim, size - 1)),
      wanted
    )
  })
}

test('a link that took the place of a file is not followed', async (t) => {
  const directory = t.testdir({ a: 'a', secret: 's' })
  const snapshot = createDirectorySnapshot(directory)
  const [entry] = await entriesOf(snapshot)
  execFileSync('ln', ['-sf', 'secret', join(directory, 'a')])
  const reading = async (): Promise<void> => {
    for await (const _ of snapshot.contents(
      (async function* () {
        yield entry ? [entry] : []
      })()
    ));
  }
  await t.rejects(reading(), { code: 'ERR_INPUT', problem: { cause: { code: 'ELOOP' } } })
})

test('a directory that is missing is an error that names it', async (t) => {
  const missing = join(t.testdir(), 'missing')
  await t.rejects(entriesOf(createDirectorySnapshot(missing)), { code: 'ERR_INPUT', message: new RegExp(missing) })
})

test('a deep tree is walked without running out of stack', async (t) => {
  const directory = t.testdir()
  let path = directory
  for (let depth = 0; depth < 500; depth += 1) {
    path = join(path, 'd')
    mkdirSync(path)
  }
  t.equal((await entriesOf(createDirectorySnapshot(directory))).length, 500)
})

test('a walk of a large directory let nobody else have a turn, signals among them', async (t) => {
  const names = Array.from({ length: 1000 }, (_, index) => `f${index}`)
  const directory = t.testdir(Object.fromEntries(names.map((name) => [name, ''])))
  let turns = 0
  setImmediate(() => (turns += 1))
  t.equal((await entriesOf(createDirectorySnapshot(directory))).length, names.length)
  t.equal(turns, 1)
})
