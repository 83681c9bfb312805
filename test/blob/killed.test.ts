import { once } from 'node:events'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { test } from 'tap'
import { createLayoutStaging } from '../../lib/blob/layout-staging.js'
import { openStore } from '../../lib/blob/store.js'
import { rootOf } from '../../lib/image/layout-files.js'
import { startExporting } from '../helpers/exporting-process.js'
import { imageBlobs } from '../helpers/image-blobs.js'

test('what a process killed in the middle of a blob left in a store is removed by the next', async (t) => {
  const store = openStore(join(t.testdir(), 'store'))
  const child = startExporting({ target: 'store', directory: store.directory, id: 'x', images: 1, stuck: true })
  await once(child, 'message')
  const own = join(store.directory, '.layerpipe')
  t.equal(readdirSync(join(own, 'ingest')).length, 1, 'it is at work')
  t.match(await store.collect(), { removed: 0, kept: 4 }, 'and its lease holds')
  child.kill('SIGKILL')
  await once(child, 'exit')
  t.strictSame(await store.images(), [])
  await (await store.lease()).release()
  t.strictSame(readdirSync(join(own, 'ingest')), [])
  t.strictSame(readdirSync(join(own, 'leases')), [])
  t.match(await store.collect(), { removed: 4, kept: 0 })
  t.strictSame(readdirSync(join(own, 'leases')), [])
})

test('what a process killed in the middle of a blob left beside a layout is removed by the next', async (t) => {
  const parent = t.testdir()
  const directory = join(parent, 'layout')
  const child = startExporting({ target: 'layout', directory, id: 'x', images: 1, stuck: true })
  await once(child, 'message')
  child.kill('SIGKILL')
  await once(child, 'exit')
  t.equal(readdirSync(parent).length, 1, 'it left something, but no layout')
  const blobs = imageBlobs(['after'])
  const staging = await createLayoutStaging(directory)
  for (const { blob } of blobs) await staging.add(blob)
  await staging.commit(blobs, { names: [], docker: false })
  await staging.abandon()
  t.strictSame(readdirSync(parent), ['layout'])
  t.equal((await openStore(directory).images())[0]?.descriptor.digest, rootOf(blobs).digest)
})

test('a process killed at any moment leaves a valid store and a valid layout', async (t) => {
  const parent = t.testdir()
  for (const [turn, target] of (['store', 'layout', 'store', 'layout', 'store', 'layout'] as const).entries()) {
    const directory = join(parent, target)
    const child = startExporting({ target, directory, id: `k${turn}`, images: 50 })
    await once(child, 'message')
    await sleep(turn * 15)
    child.kill('SIGKILL')
    await once(child, 'exit')
    t.match(await openStore(directory).verify(), { damaged: [], missing: [] }, `${target}, turn ${turn}`)
  }
  const store = openStore(join(parent, 'store'))
  await store.collect()
  t.match(await store.verify(), { damaged: [], missing: [] })
  t.strictSame(readdirSync(join(store.directory, '.layerpipe/ingest')), [])
})
