import { mkdir, readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Test, test } from 'tap'
import { openStore, type Store } from '../../lib/blob/store.js'
import { createBlockCache } from '../../lib/blob/stored-blocks.js'
import type { BlockCache } from '../../lib/codec/block-cache.js'
import { mixedBytes } from '../conformance/codec.js'
import { flipByte } from '../helpers/flip-byte.js'
import { makeLayer, makeWith } from '../helpers/made-layer.js'

const FILE_SIZE = 24_000

/** A tree of many files, and an empty store beside it. */
async function prepare(t: Test, files = 200): Promise<{ readonly tree: string; readonly store: Store }> {
  const root = t.testdir({ tree: {} })
  const tree = join(root, 'tree')
  const contents = mixedBytes(files * FILE_SIZE)
  for (let index = 0; index < files; index++) {
    if (index % 50 === 0) await mkdir(join(tree, `${index / 50}`))
    const path = join(tree, `${Math.floor(index / 50)}`, `${index}`)
    await writeFile(path, contents.subarray(index * FILE_SIZE, (index + 1) * FILE_SIZE))
  }
  return { tree, store: openStore(join(root, 'store')) }
}

async function blobsOf({ directory }: Store): Promise<readonly string[]> {
  const blobs = join(directory, 'blobs/sha256')
  return (await readdir(blobs)).map((name) => join(blobs, name))
}

const change = (tree: string): Promise<void> => writeFile(join(tree, '2/100'), mixedBytes(FILE_SIZE + 1000))

test('after one of 500 files has changed, only its blocks are compressed, and the layer is that of a cold run', async (t) => {
  const { tree, store } = await prepare(t, 500)
  const first = await makeLayer(tree, store)
  t.equal(first.found, 0)
  t.ok(first.compressed >= 10, `${first.compressed} blocks`)
  await change(tree)
  const warm = await makeLayer(tree, store)
  t.ok(warm.compressed >= 1 && warm.compressed <= 3, `${warm.compressed} blocks compressed`)
  t.ok(warm.found >= first.compressed - 4)
  t.not(warm.digest, first.digest)
  for (const threads of [1, 8]) {
    t.equal((await makeLayer(tree, null, { threads })).digest, warm.digest, `cold, ${threads} threads`)
    const again = await makeLayer(tree, store, { threads })
    t.same([again.digest, again.compressed], [warm.digest, 0], `warm, ${threads} threads`)
  }
  t.equal((await blobsOf(store)).length, 2, 'a blob for each layer, and no other copy')
})

test('a block whose bytes are damaged is compressed anew, and its layer not used again', async (t) => {
  const { tree, store } = await prepare(t)
  const first = await makeLayer(tree, store)
  for (const path of await blobsOf(store)) flipByte(path, 10_000)
  await change(tree)
  const second = await makeLayer(tree, store)
  t.ok(second.compressed >= 2, 'the block with the byte, and that of the changed file')
  t.equal(second.digest, (await makeLayer(tree, null)).digest)
  t.not(second.digest, first.digest)
  t.equal((await makeLayer(tree, store)).compressed, 0)
})

test('after a collection of garbage nothing is found, and nothing is missed', async (t) => {
  const { tree, store } = await prepare(t)
  const first = await makeLayer(tree, store)
  t.equal((await store.collect()).removed, 1)
  t.same(await makeLayer(tree, store), first)
  t.equal((await makeLayer(tree, store)).compressed, 0)
})

test('a collection between the look at the records and the reading costs work and nothing else', async (t) => {
  const { tree, store } = await prepare(t)
  const first = await makeLayer(tree, store)
  const cache = createBlockCache(store)
  let collected = false
  const collecting: BlockCache = {
    ...cache,
    async read(block) {
      const bytes = await cache.read(block)
      if (!collected) await store.collect()
      collected = true
      return bytes
    }
  }
  const made = await makeWith(tree, collecting)
  t.equal(made.digest, first.digest)
  t.ok(made.found > 0 && made.compressed > 0, `${made.found} found, ${made.compressed} compressed`)
})

test('a store that cannot be written costs nothing but the time', async (t) => {
  const root = t.testdir({ tree: { a: 'contents' }, store: 'a file' })
  const tree = join(root, 'tree')
  const made = await makeLayer(tree, openStore(join(root, 'store')))
  t.equal(made.digest, (await makeLayer(tree, null)).digest)
})

test('another codec and another level find nothing', async (t) => {
  const { tree, store } = await prepare(t)
  await makeLayer(tree, store)
  t.equal((await makeLayer(tree, store, { level: 5 })).found, 0)
  const zstd = await makeLayer(tree, store, { codec: 'zstd' })
  t.equal(zstd.found, 0)
  t.same(await makeLayer(tree, store, { codec: 'zstd' }), { ...zstd, found: zstd.compressed, compressed: 0 })
})
