import { mkdir, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Test, test } from 'tap'
import { layerpipe } from '../helpers/command-here.js'
import { buildLayers } from './build-layers.js'

const sleep = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds))

/** A context whose files have been left alone for long enough to be trusted. */
async function prepare(t: Test): Promise<string> {
  const context = t.testdir({
    Dockerfile: 'FROM scratch AS one\nCOPY a /a/\nFROM scratch\nCOPY --from=one /a /b/\nCOPY c /c\n',
    a: { x: '1'.repeat(5000), y: '2' },
    c: 'c'
  })
  await sleep(100)
  return context
}

test('an unchanged build packs nothing and gives the same layers', async (t) => {
  const [context, store] = [await prepare(t), join(t.testdirName, '.store')]
  const first = await buildLayers(context, store)
  const second = await buildLayers(context, store)
  t.equal(first.opened, 2)
  t.equal(second.opened, 0)
  t.same(second.digests, first.digests)
})

test('a changed file makes its layers anew, and only those', async (t) => {
  const [context, store] = [await prepare(t), join(t.testdirName, '.store')]
  const first = await buildLayers(context, store)
  await writeFile(join(context, 'c'), 'd')
  await sleep(100)
  const second = await buildLayers(context, store)
  t.equal(second.opened, 1)
  t.equal(second.digests[0], first.digests[0])
  t.not(second.digests[1], first.digests[1])
})

test('a file with other contents, and size and mtime as before, is noticed', async (t) => {
  const [context, store] = [await prepare(t), join(t.testdirName, '.store')]
  await utimes(join(context, 'c'), 1000, 1000)
  await sleep(100)
  const first = await buildLayers(context, store)
  await writeFile(join(context, 'c'), 'd')
  await utimes(join(context, 'c'), 1000, 1000)
  await sleep(100)
  t.not((await buildLayers(context, store)).digests[1], first.digests[1])
})

test('another codec does not get what was made for this one', async (t) => {
  const [context, store] = [await prepare(t), join(t.testdirName, '.store')]
  const gzip = await buildLayers(context, store)
  const zstd = await buildLayers(context, store, 'zstd')
  t.equal(zstd.opened, 2)
  t.not(zstd.digests[0], gzip.digests[0])
  t.equal((await buildLayers(context, store, 'zstd')).opened, 0)
})

test('damaged and missing blobs and records are made anew', async (t) => {
  const [context, store] = [await prepare(t), join(t.testdirName, '.store')]
  const first = await buildLayers(context, store)
  const blobs = join(store, 'blobs/sha256')
  for (const name of await readdir(blobs))
    await writeFile(join(blobs, name), Buffer.alloc((await readFile(join(blobs, name))).length))
  const damaged = await buildLayers(context, store)
  t.same([damaged.opened, damaged.digests], [2, first.digests])
  await rm(blobs, { recursive: true })
  t.same((await buildLayers(context, store)).digests, first.digests)
})

test('a store that cannot be written is no reason to fail', async (t) => {
  const context = await prepare(t)
  await mkdir(join(context, '.dir'))
  await writeFile(join(context, '.dir/store'), 'a file')
  t.equal((await buildLayers(context, join(context, '.dir/store'))).digests.length, 2)
})

test('the command uses the cache, and --no-cache does not', async (t) => {
  const cwd = await prepare(t)
  const build = (...flags: string[]) =>
    layerpipe(['build', '-q', '--store', '.store', '-o', 'type=oci,dest=../a.tar', ...flags, '.'], { cwd })
  const [first, second, third] = [await build(), await build(), await build('--no-cache')]
  t.equal(first.code, 0, first.stderr)
  t.equal(second.stdout.toString(), first.stdout.toString())
  t.equal(third.stdout.toString(), first.stdout.toString())
  t.equal((await readdir(join(cwd, '.store/blobs/sha256'))).length, 2)
  await rm(join(cwd, '../a.tar'))
})

test('the store is kept to a size: layers of builds that are long past go first', async (t) => {
  const context = await prepare(t)
  const cwd = join(context, '..')
  const store = (...words: string[]) => layerpipe(['store', ...words, '--store', '.cache'], { cwd })
  const build = () => layerpipe(['build', '--store', '.cache', '-o', 'type=cacheonly', context], { cwd })
  t.teardown(() => rm(join(cwd, '.cache'), { recursive: true }))
  t.equal((await build()).code, 0)
  const layers = () => readdir(join(cwd, '.cache/blobs/sha256'))
  const [before, limit] = [await layers(), '1GB']
  t.match((await store('gc', '--keep', limit)).stdout.toString(), /^0 blobs removed/)
  t.match((await store('gc', '--older-than', '1h')).stdout.toString(), /^0 blobs removed/)
  t.match((await store('gc', '--keep', '1B')).stdout.toString(), new RegExp(`^${before.length} blobs removed`))
  for (const wrong of [
    ['--keep', 'much'],
    ['--older-than', 'long']
  ])
    t.equal((await store('gc', ...wrong)).code, 2)
})
