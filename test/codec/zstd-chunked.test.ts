import fc from 'fast-check'
import { test } from 'tap'
import { zstdChunked } from '../../lib/codec/zstd-chunked.js'
import { createEntry, type EntryBatch } from '../../lib/diff/entry.js'
import { codecSuite, decompressAll } from '../conformance/codec.js'
import { fileEntry, layerTar } from '../helpers/layer-tar.js'
import { compressTar, lazyEntries, packLazily } from '../helpers/lazy-layer.js'
import { cut, extractAll, member, tarOf } from '../helpers/tars.js'
import { readChunkedFile, readManifest, reassemble } from '../helpers/zstd-chunked-reader.js'

const DIRECTORY = { name: 'd/', type: '5', mode: 0o755 }

const packed = packLazily(zstdChunked, lazyEntries)

test('zstd:chunked is a codec', async (t) => codecSuite(t, zstdChunked))

test('every file can be read from the frames that the manifest names', async (t) => {
  const layer = await packed
  const toc = await readManifest(layer)
  for (const { entry, body } of await extractAll(await layerTar(lazyEntries))) {
    const name = Buffer.from(entry.path, 'latin1').toString()
    if (entry.type === 'file') t.ok((await readChunkedFile(layer.blob, toc, name)).equals(body))
  }
  t.equal(toc.entries.filter(({ name }) => name === 'big').length, 3)
  t.equal(toc.entries.filter(({ name }) => name === 'chunk').length, 1)
})

test('the blob decompresses to the layer tar, and files and tar-split data make it, too', async (t) => {
  const layer = await packed
  const tar = await layerTar(lazyEntries)
  t.ok((await decompressAll(zstdChunked, layer.blob)).equals(tar))
  t.equal(layer.diffID, undefined)
  t.ok((await reassemble(layer.blob, await readManifest(layer))).equals(tar))
})

test('a tar that ends without its last padding is made from files and tar-split data, too', async (t) => {
  const tar = (await layerTar(fileEntry('a', 'hello'))).subarray(0, 512 + 5)
  const layer = await compressTar(zstdChunked, tar)
  t.ok((await reassemble(layer.blob, await readManifest(layer))).equals(tar))
})

test('the manifest says what the tar says, in its order', async (t) => {
  const { entries } = await readManifest(await packed)
  t.match(
    entries.filter(({ type }) => type !== 'chunk'),
    [
      { name: 'bin/', type: 'dir', mode: 0o755, modtime: '2001-09-09T01:46:40Z' },
      { name: 'bin/tool', type: 'reg', size: 10, mode: 0o755 },
      { name: 'link', type: 'symlink', linkName: 'bin/tool', modtime: '1970-01-01T00:00:00Z' },
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

test('one thread and eight give the same zstd:chunked blob, and so do blocks cut elsewhere', async (t) => {
  const one = await packLazily(zstdChunked, lazyEntries, 1)
  t.ok((await packLazily(zstdChunked, lazyEntries, 8)).blob.equals(one.blob))
  const tar = await layerTar(lazyEntries)
  t.ok((await compressTar(zstdChunked, cut(tar, [70_001]))).blob.equals(one.blob))
  t.ok((await compressTar(zstdChunked, tar)).blob.equals(one.blob))
})

test('whatever files a layer has, they make the layer tar again', async (t) => {
  const contents = fc.uint8Array({ maxLength: 3000 }).map((bytes) => Buffer.from(bytes))
  await fc.assert(
    fc.asyncProperty(fc.array(contents, { maxLength: 12 }), async (bodies) => {
      const entries: EntryBatch = bodies.flatMap((body, index) => [
        ...fileEntry(`f${index}`, body),
        createEntry({ path: `l${index}`, type: 'symlink', link: 'x' })
      ])
      const layer = await packLazily(zstdChunked, entries)
      t.ok((await reassemble(layer.blob, await readManifest(layer))).equals(await layerTar(entries)))
    }),
    { numRuns: 30 }
  )
})

test('tar-split data is left out where a header is spelled in another way than the manifest has it', async (t) => {
  const others = {
    'a name with ./': tarOf(member({ name: './a' }, 'a')),
    'type bits in the mode': tarOf(member({ name: 'a', mode: 0o100644 }, 'a')),
    'an entry for the root': tarOf(member({ name: './', type: '5' }), member({ name: 'a' }, 'a')),
    'a directory that comes twice': tarOf(member(DIRECTORY), member(DIRECTORY), member({ name: 'a' }, 'a')),
    'too many zeros': Buffer.concat([tarOf(member({ name: 'a' }, 'a')), Buffer.alloc(5 * 2 ** 20)])
  }
  for (const [name, tar] of Object.entries(others)) {
    const layer = await compressTar(zstdChunked, tar)
    const toc = await readManifest(layer)
    t.equal(toc.tarSplit, null, name)
    t.notOk('io.github.containers.zstd-chunked.tarsplit-position' in layer.annotations)
    t.equal((await readChunkedFile(layer.blob, toc, 'a')).toString(), 'a')
    t.ok((await decompressAll(zstdChunked, layer.blob)).equals(tar))
  }
})

test('an mtime with a fraction is as exact in the manifest as in the tar', async (t) => {
  const { entries } = await readManifest(await compressTar(zstdChunked, withFraction()))
  t.equal(entries[0]?.modtime, '2001-09-09T01:46:40.250000000Z')
})

function withFraction(): Buffer {
  const record = '27 mtime=1000000000.250000\n'
  return tarOf(member({ name: 'x', type: 'x' }, record), member({ name: 'a' }, 'a'))
}

test('a name that is not UTF-8 is refused, because the manifest could not tell it', async (t) => {
  await t.rejects(packLazily(zstdChunked, fileEntry('caf\xe9', '')), { code: 'ERR_INPUT', message: /UTF-8/ })
})

test('a blob whose manifest, tar-split data or footer is garbage is zstd all the same, and a cut one is none', async (t) => {
  const { blob, annotations } = await packed
  const [offset = 0] = Object.values(annotations)
    .slice(1)
    .map((value) => Number.parseInt(value, 10))
  const garbage = Buffer.from(blob)
  garbage.fill(0xff, offset, offset + 100)
  garbage.fill(0xff, garbage.length - 64)
  t.ok((await decompressAll(zstdChunked, garbage)).equals(await layerTar(lazyEntries)))
  for (const bytes of [blob.subarray(0, -20), blob.subarray(0, offset + 40), blob.subarray(0, offset - 20)]) {
    await t.rejects(decompressAll(zstdChunked, bytes), { code: 'ERR_INPUT' })
  }
})
