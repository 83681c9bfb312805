import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { utimes } from 'node:fs/promises'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { test } from 'tap'
import { memoryBlob } from '../../lib/blob/blob.js'
import { createBlobDirectory } from '../../lib/blob/blob-directory.js'
import { type Digest, digestOf } from '../../lib/blob/digest.js'
import { openStore, type Store } from '../../lib/blob/store.js'
import { createVerifiedFiles } from '../../lib/blob/verified.js'
import { blobPath } from '../../lib/image/docker-manifest.js'
import { rootOf } from '../../lib/image/layout-files.js'
import { blobStoreSuite } from '../conformance/blob-store.js'
import { flipByte } from '../helpers/flip-byte.js'
import { imageBlobs } from '../helpers/image-blobs.js'
import { addImage, NAME } from '../helpers/store-image.js'
import { withTmpfs } from '../helpers/tmpfs.js'

function pathIn(store: Store, digest: Digest): string {
  return join(store.directory, blobPath(digest))
}

test('the store keeps blobs as it has to', (t) =>
  blobStoreSuite(t, async (sub) => {
    const store = openStore(sub.testdir())
    return {
      add: async (blob) => (await store.lease()).add(blob),
      blob: (descriptor) => store.blob(descriptor),
      damage: async ({ digest }) => flipByte(pathIn(store, digest))
    }
  }))

test('so does a blob directory that remembers nothing', (t) =>
  blobStoreSuite(t, async (sub) => {
    const root = sub.testdir()
    const blobs = createBlobDirectory({ root, ingest: join(root, 'ingest'), verified: createVerifiedFiles(null) })
    return {
      add: (blob) => blobs.add(blob),
      blob: async (descriptor) => ((await blobs.size(descriptor.digest)) === null ? null : blobs.open(descriptor)),
      damage: async ({ digest }) => flipByte(join(root, blobPath(digest)))
    }
  }))

test('adding says what it came to', async (t) => {
  const store = openStore(t.testdir())
  const lease = await store.lease()
  const blob = memoryBlob(Buffer.from('x'), { mediaType: 'text/plain' })
  t.equal(await lease.add(blob), 'written')
  t.equal(await lease.add(blob), 'present')
  flipByte(pathIn(store, blob.descriptor.digest))
  t.equal(await lease.add(blob), 'healed')
  t.equal(readFileSync(pathIn(store, blob.descriptor.digest), 'utf8'), 'x')
})

test('a store that is not there is empty, and is not made by looking', async (t) => {
  const store = openStore(join(t.testdir(), 'none'))
  t.strictSame(await store.images(), [])
  t.equal(await store.resolve(NAME), null)
  t.equal(await store.size(digestOf('x')), null)
  t.notOk(existsSync(store.directory))
})

test('names point to one image at a time, and can be removed', async (t) => {
  const store = openStore(t.testdir())
  const first = await addImage(store, [NAME, 'example.com/other:1'], ['a'])
  const second = await addImage(store, [NAME], ['b'])
  t.equal((await store.resolve(NAME))?.digest, second)
  t.equal((await store.resolve('example.com/other:1'))?.digest, first)
  t.strictSame(await store.remove([NAME, 'example.com/none:1']), [NAME])
  t.strictSame(
    (await store.images()).map(({ name }) => name),
    ['example.com/other:1']
  )
  t.strictSame(await store.remove([first]), [first])
  t.strictSame(await store.images(), [])
})

test('a name can not point to what is not there', async (t) => {
  const store = openStore(t.testdir())
  await t.rejects(store.name(rootOf(imageBlobs(['a'])), [NAME]), { code: 'ERR_INPUT' })
})

test('verify finds every damaged and every missing blob, and changes nothing', async (t) => {
  const store = openStore(t.testdir())
  await addImage(store, [NAME], ['one', 'two', 'three'])
  flipByte(pathIn(store, digestOf('two')), 1)
  rmSync(pathIn(store, digestOf('three')))
  const report = await store.verify()
  t.match(report, { checked: 4, damaged: [digestOf('two')], missing: [digestOf('three')] })
  t.ok(existsSync(pathIn(store, digestOf('two'))))
})

test('a blob is known to be whole only until somebody touches it', async (t) => {
  const store = openStore(t.testdir())
  await addImage(store, [NAME], ['one'])
  const descriptor = { mediaType: 'x', digest: digestOf('one'), size: 3 }
  t.equal((await store.blob(descriptor))?.file, pathIn(store, digestOf('one')))
  flipByte(pathIn(store, digestOf('one')))
  const blob = await store.blob(descriptor)
  t.equal(blob?.file, undefined)
  await t.rejects(buffer(blob!.open()), { code: 'ERR_INPUT' })
})

test('records come back, and go with the blobs that they name', async (t) => {
  const store = openStore(t.testdir())
  await addImage(store, [NAME], ['one'])
  const { records } = store
  await records.put('cache', 'a/b', { layer: 1 }, [digestOf('one')])
  await records.put('cache', 'c', ['free'])
  await records.put('other', 'a/b', 'x')
  t.strictSame(await records.get('cache', 'a/b'), { layer: 1 })
  t.equal(await records.get('cache', 'b'), null)
  t.strictSame(await records.keys('cache'), ['a/b', 'c'])
  await store.collect()
  t.strictSame(await records.keys('cache'), ['a/b', 'c'])
  await store.remove([NAME])
  await store.collect()
  t.strictSame(await records.keys('cache'), ['c'])
  await records.remove('cache', 'c')
  t.equal(await records.get('cache', 'c'), null)
  t.equal(await records.get('other', 'a/b'), 'x')
})

test('a record that names no blobs goes when it was of no use for a month', async (t) => {
  const store = openStore(t.testdir())
  for (const key of ['old', 'used']) await store.records.put('cache', key, 1)
  const directory = join(store.directory, '.layerpipe/records/cache')
  for (const name of readdirSync(directory)) await utimes(join(directory, name), 1000, 1000)
  await store.records.touch('cache', 'used')
  await store.collect()
  t.strictSame(await store.records.keys('cache'), ['used'])
})

test('a record that is damaged is as good as absent', async (t) => {
  const store = openStore(t.testdir())
  await store.records.put('cache', 'a', 1)
  const directory = join(store.directory, '.layerpipe/records/cache')
  writeFileSync(join(directory, String(readdirSync(directory)[0])), '{"key":"a"')
  t.equal(await store.records.get('cache', 'a'), null)
})

test('a full disk is an OutputError, leaves nothing, and the store is still valid', async (t) => {
  const mounted = await withTmpfs('size=1m', async (directory) => {
    const store = openStore(join(directory, 'store'))
    await addImage(store, [NAME], ['small'])
    const big = memoryBlob(Buffer.alloc(2 ** 21, 1), { mediaType: 'x' })
    const lease = await store.lease()
    await t.rejects(lease.add(big), { code: 'ERR_OUTPUT', message: /no space left/ })
    await lease.release()
    t.strictSame(readdirSync(join(store.directory, '.layerpipe/ingest')), [])
    t.match(await store.verify(), { checked: 3, damaged: [], missing: [] })
    await addImage(store, ['example.com/next:1'], ['next'])
  })
  if (!mounted) t.pass('a full disk', { skip: 'mounting is not permitted' })
})

test('other tools read the store', async (t) => {
  if (spawnSync('skopeo', ['--version']).error) return void t.pass('skopeo', { skip: 'skopeo is not installed' })
  const store = openStore(t.testdir())
  const digest = await addImage(store, [NAME, 'docker.io/library/two:1'], ['a'])
  const raw = execFileSync('skopeo', ['inspect', '--raw', `oci:${store.directory}:${NAME}`])
  t.equal(digestOf(raw), digest)
})

test('a file where the store should be is an OutputError', async (t) => {
  const directory = t.testdir({ file: 'x' })
  mkdirSync(join(directory, 'd'))
  const store = openStore(join(directory, 'file'))
  await t.rejects(store.lease(), { code: 'ERR_OUTPUT' })
})
