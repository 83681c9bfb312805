import { gunzipSync } from 'node:zlib'
import fc from 'fast-check'
import { test } from 'tap'
import { estargz } from '../../lib/codec/estargz.js'
import { createEntry, type EntryBatch } from '../../lib/diff/entry.js'
import { codecSuite, decompressAll, mixedBytes } from '../conformance/codec.js'
import { readFile, readToc } from '../helpers/estargz-reader.js'
import { fileEntry, layerTar } from '../helpers/layer-tar.js'
import { compressTar, lazyEntries, packLazily, sha256 } from '../helpers/lazy-layer.js'
import { cut, extractAll, member, tarOf } from '../helpers/tars.js'

const TOC_DIGEST = 'containerd.io/snapshot/stargz/toc.digest'
const SIZE = 'io.containers.estargz.uncompressed-size'

/** The layer without the table of contents, which stands behind it. */
function withoutToc(tar: Buffer): Buffer {
  return tar.subarray(0, tar.lastIndexOf(Buffer.from('stargz.index.json\0')))
}

const packed = packLazily(estargz, lazyEntries)

test('estargz is a codec', async (t) => codecSuite(t, estargz, undefined, withoutToc))

test('every file can be read from the blob on its own, and every chunk has its digest', async (t) => {
  const { blob, annotations } = await packed
  const toc = readToc(blob)
  t.equal(annotations[TOC_DIGEST], toc.digest)
  const tar = gunzipSync(blob)
  t.equal(annotations[SIZE], String(tar.length))
  const extracted = await extractAll(tar)
  for (const { entry, body } of extracted.slice(0, -1)) {
    const name = Buffer.from(entry.path, 'latin1').toString()
    if (entry.type === 'file') t.ok(readFile(blob, toc, name).equals(body))
  }
  t.equal(toc.entries.filter(({ name, type }) => name === 'big' && type === 'chunk').length, 2)
  t.equal(toc.entries.filter(({ name }) => name === 'chunk').length, 1)
})

test('the layer tar is in the blob byte for byte, and the table of contents is its last entry', async (t) => {
  const { blob, diffID } = await packed
  const tar = gunzipSync(blob)
  t.ok(withoutToc(tar).equals((await layerTar(lazyEntries)).subarray(0, -1024)))
  t.equal((await extractAll(tar)).at(-1)?.entry.path, 'stargz.index.json')
  t.equal(diffID, sha256(tar))
})

test('the table of contents says what the tar says, in its order', async (t) => {
  const { entries } = readToc((await packed).blob)
  t.match(
    entries.filter(({ type }) => type !== 'chunk'),
    [
      { name: 'bin/', type: 'dir', mode: 0o755, modtime: '2001-09-09T01:46:40Z' },
      { name: 'bin/tool', type: 'reg', size: 10, mode: 0o755 },
      { name: 'link', type: 'symlink', linkName: 'bin/tool' },
      { name: 'other', type: 'hardlink', linkName: 'bin/tool' },
      { name: 'big', type: 'reg', modtime: '2023-11-14T22:13:20Z' },
      { name: 'chunk', uid: 1000, gid: 3_000_000 },
      { name: 'empty', type: 'reg', modtime: '1969-12-31T23:59:59Z' },
      { name: '.wh.gone', type: 'reg' },
      { name: 'null', type: 'char', devMajor: 1, devMinor: 3 },
      { name: /long.name$/, type: 'reg', size: 1 },
      { name: 'zä \u2028"', xattrs: { 'security.capability': 'AQAAAv8=' } }
    ]
  )
})

test('one thread and eight give the same estargz blob, and so do blocks cut elsewhere', async (t) => {
  const { blob } = await packed
  for (const threads of [1, 8]) t.ok((await packLazily(estargz, lazyEntries, threads)).blob.equals(blob))
  const tar = await layerTar(lazyEntries)
  t.ok((await compressTar(estargz, cut(tar, [70_001]))).blob.equals(blob))
  t.ok((await compressTar(estargz, tar)).blob.equals(blob))
})

test('all levels can be read lazily', async (t) => {
  const entries = [...fileEntry('a', mixedBytes(70_000)), ...fileEntry('b', 'b')]
  for (const level of [0, 1, 9]) {
    const { blob } = await packLazily(estargz, entries, 2, level)
    t.ok(readFile(blob, readToc(blob), 'a').equals(mixedBytes(70_000)))
  }
})

test('whatever files a layer has, each of them can be read on its own', async (t) => {
  const contents = fc.uint8Array({ maxLength: 3000 }).map((bytes) => Buffer.from(bytes))
  await fc.assert(
    fc.asyncProperty(fc.array(contents, { maxLength: 12 }), async (bodies) => {
      const entries: EntryBatch = bodies.flatMap((body, index) => [
        ...fileEntry(`f${index}`, body),
        createEntry({ path: `l${index}`, type: 'symlink', link: 'x' })
      ])
      const { blob, diffID } = await packLazily(estargz, entries)
      const toc = readToc(blob)
      t.equal(sha256(gunzipSync(blob)), diffID)
      t.ok(bodies.every((body, index) => readFile(blob, toc, `f${index}`).equals(body)))
    }),
    { numRuns: 30 }
  )
})

test('a tar that ends with many zeros, or with none, ends with the table of contents all the same', async (t) => {
  const entry = member({ name: 'a' }, Buffer.alloc(1024))
  const usual = await compressTar(estargz, tarOf(entry))
  for (const tar of [entry, Buffer.concat([entry, Buffer.alloc(3 * 2 ** 20)])]) {
    t.ok((await compressTar(estargz, tar)).blob.equals(usual.blob))
  }
})

test('a tar that ends without its last padding gets it before the table of contents', async (t) => {
  const entry = member({ name: 'a' }, 'hello')
  const usual = await compressTar(estargz, tarOf(entry))
  t.ok((await compressTar(estargz, entry.subarray(0, 512 + 5))).blob.equals(usual.blob))
})

test('an entry that no mark tells of stays in the tar, wherever it stands', async (t) => {
  const root = member({ name: './', type: '5', mode: 0o700 })
  const file = member({ name: 'a' }, 'a')
  for (const members of [
    [root, file],
    [file, root]
  ]) {
    const { blob } = await compressTar(estargz, tarOf(...members))
    t.ok(withoutToc(gunzipSync(blob)).equals(Buffer.concat(members)))
    t.equal(readFile(blob, readToc(blob), 'a').toString(), 'a')
  }
})

test('a name that begins with a slash stays so in the tar and loses it in the table of contents', async (t) => {
  const members = [member({ name: '/a' }, 'hello'), member({ name: '/b', type: '1', link: '/a' })]
  const { blob } = await compressTar(estargz, tarOf(...members))
  const toc = readToc(blob)
  t.ok(withoutToc(gunzipSync(blob)).equals(Buffer.concat(members)))
  t.equal(readFile(blob, toc, 'a').toString(), 'hello')
  t.match(toc.entries, [{ name: 'a' }, { name: 'b', linkName: 'a' }])
})

test('a layer that holds what estargz adds is refused', async (t) => {
  for (const name of ['stargz.index.json', '.no.prefetch.landmark', '.prefetch.landmark']) {
    await t.rejects(packLazily(estargz, fileEntry(name, '{}')), { code: 'ERR_INPUT', message: new RegExp(name) })
  }
  await t.resolves(packLazily(estargz, fileEntry('etc/stargz.index.json', '{}')))
})

test('a name that is not UTF-8 is refused, because the table of contents could not tell it', async (t) => {
  await t.rejects(packLazily(estargz, fileEntry('caf\xe9', '')), { code: 'ERR_INPUT', message: /UTF-8/ })
})

test('a blob whose footer or table of contents lies is gzip all the same, and a cut one is none', async (t) => {
  const { blob } = await packed
  const lying = Buffer.from(blob)
  lying.fill('f', lying.length - 35, lying.length - 19)
  t.ok((await decompressAll(estargz, lying)).equals(gunzipSync(blob)))
  const { offset } = readToc(blob)
  const damaged = Buffer.from(blob)
  damaged.fill(0, offset + 20, offset + 30)
  for (const bytes of [damaged, blob.subarray(0, -20), blob.subarray(0, offset + 40)]) {
    await t.rejects(decompressAll(estargz, bytes), { code: 'ERR_INPUT' })
  }
})
