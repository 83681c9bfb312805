import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { type Test, test } from 'tap'
import { memoryBlob } from '../../lib/blob/blob.js'
import { digestOf } from '../../lib/blob/digest.js'
import { openStore } from '../../lib/blob/store.js'
import { createLayerCache } from '../../lib/build/stored-layers.js'

const BYTES = Buffer.from('a layer')
const LAYER = { blob: memoryBlob(BYTES, { mediaType: 'application/x' }), diffID: digestOf(BYTES), newest: null }

function prepare(t: Test) {
  const store = openStore(join(t.testdir({}), 'store'))
  return { store, cache: createLayerCache(store) }
}

test('a layer that was found stays until the cache is closed, whoever collects meanwhile', async (t) => {
  const { store, cache } = prepare(t)
  await cache.remember('key', LAYER)
  const found = await cache.find('key')
  await store.collect()
  if (found === null) throw new Error('nothing was found')
  t.equal((await buffer(found.blob.open())).toString(), 'a layer')
  await cache.close()
  await store.collect()
  t.equal(await cache.find('key'), null)
  await cache.close()
})

test('a layer from elsewhere is not found before it was checked, and never if it is not right', async (t) => {
  const { cache } = prepare(t)
  const refuse = async (): Promise<void> => {
    t.equal(await cache.find('key'), null, 'nobody finds it meanwhile')
    throw new Error('another diffID')
  }
  await t.rejects(cache.adopt('key', LAYER, refuse), { message: 'another diffID' })
  t.equal(await cache.find('key'), null)
  await cache.adopt('key', LAYER, async ({ blob }) => {
    t.equal((await buffer(blob.open())).toString(), 'a layer')
  })
  t.equal((await cache.find('key'))?.diffID, LAYER.diffID)
  await cache.close()
})

test('a cache in which nothing was found has nothing to close', async (t) => {
  const { cache } = prepare(t)
  t.equal(await cache.find('key'), null)
  await cache.close()
})
