import { Readable } from 'node:stream'
import fc from 'fast-check'
import { test } from 'tap'
import { createEntry, type EntryBatch } from '../../lib/diff/entry.js'
import { encodeEntry } from '../../lib/tar/encode.js'
import { extractEntries } from '../../lib/tar/extract.js'
import { paddingOf } from '../../lib/tar/header.js'
import { cut, extractAll, firstEntryOf, member, paxMember, tarOf } from '../helpers/tars.js'

test('a v7 header without a magic is read, and a name that ends in a slash is a directory', async (t) => {
  const forget = (header: Buffer): void => void header.fill(0, 257)
  t.match(await firstEntryOf(member({ name: 'd/', type: '\0' }, '', forget)), { path: 'd', type: 'directory' })
  t.match(await firstEntryOf(member({ name: 'f', type: '\0' }, 'x', forget)), { path: 'f', type: 'file', size: 1 })
})

test('a ustar prefix stands before the name, and that of star is shorter', async (t) => {
  const ustar = member({ name: 'f' }, '', (header) => header.write('a/b', 345))
  t.match(await firstEntryOf(ustar), { path: 'a/b/f' })
  const star = member({ name: 'f' }, '', (header) => {
    header.write(`a/b\0${'x'.repeat(127)}00000000000 00000000000 `, 345)
    header.write('tar\0', 508)
  })
  t.match(await firstEntryOf(star), { path: 'a/b/f' })
  const gnu = member({ name: 'f' }, '', (header) => header.write('ustar  \x0013', 257) && header.write('123', 345))
  t.match(await firstEntryOf(gnu), { path: 'f' }, 'GNU has times there')
})

test('GNU long names and long link targets are read', async (t) => {
  const path = `${'d/'.repeat(100)}f`
  const longName = member({ name: '././@LongLink', type: 'L' }, `${path}\0`)
  const longLink = member({ name: '././@LongLink', type: 'K' }, `${'t'.repeat(150)}\0`)
  t.match(await firstEntryOf(longLink, longName, member({ type: '2', link: 't' })), {
    path,
    type: 'symlink',
    link: 't'.repeat(150)
  })
})

test('numbers that do not fit octal are read from base-256, negative times too', async (t) => {
  const big = member({}, '', (header) => {
    header.write('80000000b2d05e00', 108, 'hex')
    header.write('ffffffffffffffffffffffff', 136, 'hex')
  })
  t.match(await firstEntryOf(big), { uid: 3_000_000_000, mtime: -1 })
})

test('names lose ./ and slashes, and the root is dropped', async (t) => {
  const found = await extractAll(
    tarOf(member({ name: './', type: '5' }), member({ name: './a/', type: '5' }), member({ name: 'a//./b' }))
  )
  t.same(
    found.map(({ entry }) => entry.path),
    ['a', 'a/b']
  )
})

test('names and hard links that begin with a slash are below the root, as kaniko and ko write them', async (t) => {
  const found = await extractAll(
    tarOf(
      member({ name: '/', type: '5' }),
      member({ name: '/d/', type: '5' }),
      member({ name: '//d/a' }, 'x'),
      member({ name: 'b', type: '1', link: '/d/a' }),
      member({ name: '/d/.wh.c' })
    )
  )
  t.match(found, [
    { entry: { path: 'd', type: 'directory' } },
    { entry: { path: 'd/a', type: 'file' } },
    { entry: { path: 'b', type: 'hardlink', link: 'd/a' } },
    { entry: { path: 'd/c', type: 'whiteout' } }
  ])
})

test('a tar whose first name begins as another format does is read', async (t) => {
  t.match(await firstEntryOf(member({ name: 'BZh9' })), { path: 'BZh9' })
  t.match(await firstEntryOf(member({ name: 'PK\x03\x04' })), { path: 'PK\x03\x04' })
})

test('names that are not UTF-8 pass as bytes', async (t) => {
  t.match(await firstEntryOf(member({ name: 'caf\xe9' })), { path: 'caf\xe9' })
  t.match(await firstEntryOf(paxMember({ path: 'caf\xe9\xff' }), member({})), { path: 'caf\xe9\xff' })
})

test('the target of a symlink is kept as it is, that of a hard link is a path', async (t) => {
  const found = await extractAll(
    tarOf(member({ name: 's', type: '2', link: '/../x//y' }), member({ name: 'h', type: '1', link: './a/b' }))
  )
  t.match(found, [{ entry: { link: '/../x//y' } }, { entry: { link: 'a/b' } }])
})

test('devices have numbers, and links and devices no body whatever size they claim', async (t) => {
  const found = await extractAll(
    tarOf(
      member({ name: 'c', type: '3', device: { major: 1, minor: 3 } }),
      member({ name: 'h', type: '1', link: 'c', size: 1000 }),
      member({ name: 'p', type: '6' })
    )
  )
  t.match(found, [
    { entry: { type: 'character-device', major: 1, minor: 3 } },
    { entry: { type: 'hardlink', size: 0 } },
    { entry: { type: 'fifo' } }
  ])
})

test('whiteouts name what they delete, and what AUFS kept for itself is skipped', async (t) => {
  const names = ['.wh.a', 'd/.wh.b', 'd/.wh..wh..opq', '.wh..wh..opq', '.wh..wh.aufs', '.wh..wh.plnk/1.2']
  const found = await extractAll(tarOf(...names.map((name) => member({ name }, name))))
  t.same(
    found.map(({ entry, body }) => [entry.type, entry.path, body.length]),
    [
      ['whiteout', 'a', 0],
      ['whiteout', 'd/b', 0],
      ['opaque', 'd', 0],
      ['opaque', '', 0]
    ]
  )
})

test('in a root file system a name with .wh. is a name', async (t) => {
  const found = await extractAll(tarOf(member({ name: 'd/.wh.b' }, 'body')), { whiteouts: false })
  t.match(found, [{ entry: { type: 'file', path: 'd/.wh.b' }, body: Buffer.from('body') }])
})

test('a batch holds about 1 MiB of the tar at the most, also when nothing has a body', async (t) => {
  const directories = Array.from({ length: 5000 }, (_, at) => member({ name: `${at}/`, type: '5' }))
  const tar = tarOf(member({ name: 'big' }, Buffer.alloc(5_000_000)), ...directories)
  const batches: EntryBatch[] = await Readable.from([tar]).compose(extractEntries('test')).toArray()
  for (const batch of batches) {
    t.ok(batch.length <= 2048)
    t.ok(batch.reduce((sum, each) => sum + (Buffer.isBuffer(each) ? each.length : 0), 0) <= 2 ** 20)
  }
})

test('bodies of a chunk are views of it, not copies', async (t) => {
  const tar = tarOf(member({ name: 'f' }, 'hello'))
  const [found] = await Readable.from([tar]).compose(extractEntries('test')).toArray()
  t.equal((found[1] as Buffer).buffer, tar.buffer)
})

test('a tar that is verified elsewhere may end behind the last body, as umoci insert writes them', async (t) => {
  const whole = Buffer.concat([member({ name: 'a' }, 'x'), member({ name: 'b' }, 'y')])
  for (const length of [whole.length, whole.length - 1, whole.length - 511]) {
    const found = await extractAll(whole.subarray(0, length), { verified: true })
    t.same(
      found.map(({ entry, body }) => [entry.path, body.toString()]),
      [
        ['a', 'x'],
        ['b', 'y']
      ]
    )
    const unverified = extractAll(whole.subarray(0, length))
    await t.rejects(unverified, { code: 'ERR_INPUT', message: /ends with blocks of zeros/ })
  }
  for (const length of [whole.length - 512, 512, 511]) {
    const cutOff = extractAll(whole.subarray(0, length), { verified: true })
    await t.rejects(cutOff, { code: 'ERR_INPUT', message: /ends with blocks of zeros/ }, String(length))
  }
  await t.rejects(extractAll(paxMember({ path: 'c' }), { verified: true }), { code: 'ERR_INPUT' })
})

test('while nobody reads, no more is taken than there is room for', async (t) => {
  let taken = 0
  const endless = (function* () {
    for (let at = 0; ; at += 1) {
      taken += 1
      yield member({ name: `${at}` }, Buffer.alloc(2 ** 20))
    }
  })()
  const stream = Readable.from(endless, { objectMode: true, highWaterMark: 1 }).compose(extractEntries('test'))
  stream.read(0)
  for (let turn = 0; turn < 500; turn += 1) await new Promise(setImmediate)
  t.ok(taken < 20, `${taken} chunks were taken`)
  stream.on('error', () => {}).destroy() // Node 24 says that a composed stream was aborted
})

test('what was packed is extracted again, however the bytes are cut', async (t) => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.tuple(entries, fc.uint8Array())), chunkLengths, async (members, lengths) => {
      const unique = new Map(members.map(([fields, body]) => [fields.path, { fields, body: Buffer.from(body) }]))
      const expected = [...unique.values()].map(({ fields, body }) => ({
        entry: createEntry({ ...fields, type: 'file', size: body.length }),
        body
      }))
      const parts = expected.flatMap(({ entry, body }) => [
        encodeEntry(entry),
        body,
        Buffer.alloc(paddingOf(body.length))
      ])
      t.same(await extractAll(cut(tarOf(...parts), lengths)), expected)
    }),
    { numRuns: 60 }
  )
})

const component = fc.string({ unit: fc.integer({ min: 1, max: 255 }).map((code) => String.fromCharCode(code)) })
const paths = fc
  .array(
    component.filter((name) => !/^\.{0,2}$|\/|\.wh\./.test(name)),
    { minLength: 1, maxLength: 12 }
  )
  .map((components) => components.join('/'))
const entries = fc.record({
  path: paths,
  mode: fc.integer({ min: 0, max: 0o7777 }),
  uid: fc.integer({ min: 0, max: 0xfffffffe }),
  gid: fc.integer({ min: 0, max: 0xfffffffe }),
  mtime: fc.integer({ min: -1e12, max: 1e12 }),
  xattrs: fc.option(fc.uint8Array().map((value) => new Map([['user.x', Buffer.from(value)]])))
})
const chunkLengths = fc.array(fc.integer({ min: 1, max: 2000 }), { minLength: 1 })
