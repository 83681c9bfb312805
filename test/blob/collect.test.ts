import { existsSync, readdirSync, writeFileSync } from 'node:fs'
import { utimes } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { test } from 'tap'
import { memoryBlob } from '../../lib/blob/blob.js'
import { type Digest, digestOf } from '../../lib/blob/digest.js'
import { openStore, type Store } from '../../lib/blob/store.js'
import { createStoreLayout } from '../../lib/blob/store-layout.js'
import { blobPath } from '../../lib/image/docker-manifest.js'
import { rootOf } from '../../lib/image/layout-files.js'
import { flipByte } from '../helpers/flip-byte.js'
import { AMD64, ARM64, indexBlobs } from '../helpers/image-blobs.js'
import { addImage, NAME } from '../helpers/store-image.js'

function pathIn(store: Store, digest: Digest): string {
  return join(store.directory, blobPath(digest))
}

test('collecting keeps what names lead to, through indexes, and removes the rest', async (t) => {
  const store = openStore(t.testdir())
  const blobs = indexBlobs(['base'], [AMD64, ARM64])
  const lease = await store.lease()
  for (const { blob } of blobs) await lease.add(blob)
  await store.name(rootOf(blobs), [NAME])
  const stray = memoryBlob(Buffer.from('stray'), { mediaType: 'text/plain' })
  await lease.add(stray)
  await lease.release()
  const needed = new Set(blobs.map(({ blob }) => blob.descriptor.digest)).size
  t.match(await store.collect({ grace: 60_000 }), { removed: 0, kept: needed + 1 }, 'nothing that young')
  t.match(await store.collect(), { removed: 1, bytes: 5, kept: needed })
  t.match(await store.verify(), { checked: needed, damaged: [], missing: [] })
  await store.remove([NAME])
  t.match(await store.collect(), { removed: needed, kept: 0 })
})

test('collecting empties no directory that is not a store’s, nor a layout whose index is gone', async (t) => {
  const root = join(t.testdir({ blobs: { sha256: { ['a'.repeat(64)]: 'somebody else’s' } } }))
  const file = join(root, 'blobs/sha256', 'a'.repeat(64))
  await t.rejects(openStore(root).collect(), {
    code: 'ERR_INPUT',
    message: /found another directory.*nothing was removed/
  })
  writeFileSync(join(root, 'oci-layout'), '{"imageLayoutVersion":"1.0.0"}')
  await t.rejects(openStore(root).collect(), { code: 'ERR_INPUT', message: /found an OCI layout without one/ })
  t.ok(existsSync(file))
  t.same(readdirSync(root).toSorted(), ['blobs', 'oci-layout'])
})

test('collecting took a store that another process was making for a layout whose index is gone', async (t) => {
  const root = join(t.testdir({ blobs: {} }))
  let collected: Promise<unknown> = Promise.resolve()
  await createStoreLayout(root).index.update(async (present) => {
    collected = openStore(root).collect()
    await Promise.race([collected, wait(200)])
    return present
  })
  t.match(await collected, { removed: 0 })
})

test('a store that is not there is not made by collecting or removing', async (t) => {
  const root = join(t.testdir({}), 'store')
  t.same(await openStore(root).collect(), { removed: 0, bytes: 0, kept: 0 })
  t.same(await openStore(root).remove(['docker.io/library/a:1']), [])
  t.notOk(existsSync(root))
})

test('what a lease adds or keeps survives a collection', async (t) => {
  const store = openStore(t.testdir())
  await addImage(store, [NAME], ['old'])
  await store.remove([NAME])
  const lease = await store.lease()
  const added = memoryBlob(Buffer.from('new'), { mediaType: 'text/plain' })
  await lease.add(added)
  t.equal(await lease.keep(digestOf('old')), 3)
  t.equal(await lease.keep(digestOf('nothing')), null)
  t.match(await store.collect(), { removed: 2, kept: 2 })
  await lease.release()
  t.match(await store.collect(), { removed: 2, kept: 0 })
})

test('a damaged manifest stops a collection, before it costs layers', async (t) => {
  const store = openStore(t.testdir())
  const root = await addImage(store, [NAME], ['one'])
  flipByte(pathIn(store, root))
  await t.rejects(store.collect(), { code: 'ERR_INPUT', message: /export that image again/i })
  t.ok(existsSync(pathIn(store, digestOf('one'))))
  await addImage(store, [NAME], ['one'])
  t.match(await store.collect(), { removed: 0, kept: 3 })
})

test('a collection down to a limit removes what was used least recently first', async (t) => {
  const directory = t.testdir()
  const store = openStore(directory)
  const lease = await store.lease()
  const blobs = ['one', 'two', 'three'].map((text) => memoryBlob(Buffer.from(text), { mediaType: 'text/plain' }))
  for (const [index, blob] of blobs.entries()) {
    await lease.add(blob)
    const { digest } = blob.descriptor
    await store.records.put('layer', digest, null, [digest])
    const time = new Date(Date.now() - 60_000 * (3 - index))
    const record = `${digestOf(digest).slice('sha256:'.length)}.json`
    for (const path of [`blobs/${digest.replace(':', '/')}`, `.layerpipe/records/layer/${record}`])
      await utimes(join(directory, path), time, time)
  }
  await lease.release()
  const [one, two, three] = blobs.map(({ descriptor }) => descriptor)
  await store.records.touch('layer', one?.digest ?? '')
  t.match(await store.collect({ keep: 11 }), { removed: 0, kept: 3 }, 'nothing while it is small enough')
  t.match(await store.collect({ keep: 10, grace: 150_000 }), { removed: 0, kept: 3 }, 'nothing of use that lately')
  t.match(await store.collect({ keep: 10 }), { removed: 1, bytes: 3, kept: 2 })
  t.same(await Promise.all([one, two, three].map((each) => each && store.size(each.digest))), [3, null, 5])
  t.match(await store.collect({ keep: 1 }), { removed: 2, kept: 0 })
})
