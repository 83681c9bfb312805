import { join } from 'node:path'
import { Readable } from 'node:stream'
import { test } from 'tap'
import { digestOf } from '../../lib/blob/digest.js'
import { openStore, type Store, storeResource } from '../../lib/blob/store.js'
import { pipe, run, source } from '../../lib/graph/index.js'
import { rootOf } from '../../lib/image/layout-files.js'
import type { ImageBlob, Receipt } from '../../lib/stages/items.js'
import { type KeepOptions, keep } from '../../lib/stages/keep.js'
import { AMD64, ARM64, imageBlobs, indexBlobs } from '../helpers/image-blobs.js'

const NAME = 'docker.io/library/app:1'

async function write(blobs: readonly ImageBlob[], store: Store, options: Partial<KeepOptions> = {}): Promise<Receipt> {
  const blobSource = source<null, ImageBlob>('blobs', () => Readable.from(blobs))
  const node = pipe(blobSource(null), keep({ names: [NAME], canonical: false, danglingPrefix: null, ...options }))
  const [receipt] = await run([node], { provide: [storeResource.provide(store)] })
  return receipt as Receipt
}

async function namesIn(store: Store): Promise<readonly (string | null)[]> {
  return (await store.images()).map(({ name }) => name)
}

test('an image is in the store as a whole, under its names', async (t) => {
  const store = openStore(t.testdir())
  const blobs = indexBlobs(['base'], [AMD64, ARM64])
  const receipt = await write(blobs, store)
  t.match(receipt, { exporter: 'image', destination: store.directory, names: [NAME], config: null, skipped: [] })
  t.equal((await store.resolve(NAME))?.digest, rootOf(blobs).digest)
  t.match(await store.verify(), { checked: 8, damaged: [], missing: [] })
  t.match(await store.collect(), { removed: 0, kept: 8 }, 'and stays when garbage is collected')
})

test('what is there already is said to be', async (t) => {
  const store = openStore(t.testdir())
  await write(imageBlobs(['base']), store)
  const receipt = await write(imageBlobs(['base']), store, { names: ['docker.io/library/app:2'] })
  t.match(receipt, { bytes: 0, skipped: ['3 blobs that were there already'] })
  t.strictSame(await namesIn(store), [NAME, 'docker.io/library/app:2'])
})

test('canonical and dangling names have the digest of the root', async (t) => {
  const store = openStore(t.testdir())
  const blobs = imageBlobs(['base'])
  const { digest } = rootOf(blobs)
  await write(blobs, store, { canonical: true })
  await write(blobs, store, { names: [], danglingPrefix: 'dangling' })
  t.strictSame(await namesIn(store), [NAME, `${NAME}@${digest}`, `docker.io/library/dangling@${digest}`])
})

test('an image without a name is listed without one', async (t) => {
  const store = openStore(t.testdir())
  await write(imageBlobs(['base']), store, { names: [] })
  await write(imageBlobs(['base']), store, { names: [] })
  t.strictSame(await namesIn(store), [null])
  t.match(await store.collect(), { removed: 0, kept: 3 })
})

test('a failed image has no name, and its blobs are collected', async (t) => {
  const store = openStore(join(t.testdir(), 'store'))
  await write(imageBlobs(['old']), store)
  const failure = new Error('the source broke')
  const blobs = imageBlobs(['base', 'top']).map((item) =>
    item.role === 'config' ? { ...item, blob: { ...item.blob, open: () => failing(failure) } } : item
  )
  await t.rejects(write(blobs, store), failure)
  t.equal(await store.size(digestOf('base')), 4)
  t.equal((await store.resolve(NAME))?.digest, rootOf(imageBlobs(['old'])).digest)
  t.match(await store.collect(), { removed: 2, kept: 3 })
})

function failing(failure: Error): Readable {
  return new Readable({
    read() {
      this.destroy(failure)
    }
  })
}
