import { randomBytes } from 'node:crypto'
import { mkdir, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Test, test } from 'tap'
import { openStore } from '../../lib/blob/store.js'
import { createLayerCache } from '../../lib/build/stored-layers.js'
import { run, type Stage, stage } from '../../lib/graph/index.js'
import { pipe } from '../../lib/graph/pipe.js'
import { compress } from '../../lib/stages/compress.js'
import { diff } from '../../lib/stages/diff.js'
import { hash } from '../../lib/stages/hash.js'
import type { ImageEnd, LayerBlob, LayerSource } from '../../lib/stages/items.js'
import { layerCache } from '../../lib/stages/layer-cache.js'
import { pack } from '../../lib/stages/pack.js'
import { generate } from '../../lib/streams/generate.js'
import { layerpipe } from '../helpers/command.js'
import { buildNode } from './evaluate.js'

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

/** Builds with a cache in `store` and tells the layers' digests, and how many layers were packed. */
async function buildLayers(context: string, store: string, codec: 'gzip' | 'zstd' = 'gzip') {
  let opened = 0
  const counted = pipe(
    await buildNode(context),
    count(() => (opened += 1))
  )
  const options = { compression: codec, level: null, force: false }
  const layers = pipe(counted, diff(), pack(), compress(options), hash(), collect(null))
  const [digests = []] = await run([layers], { provide: [layerCache.provide(createLayerCache(openStore(store)))] })
  return { digests, opened }
}

/** Tells each time that a layer is walked. */
function count(onWalk: () => void): Stage<LayerSource | ImageEnd, LayerSource | ImageEnd> {
  return stage<{ id: string }, LayerSource | ImageEnd, LayerSource | ImageEnd>('count', () =>
    generate<LayerSource | ImageEnd, LayerSource | ImageEnd>(async function* (items) {
      for await (const item of items) {
        if (item.kind !== 'snapshot') yield item
        else {
          const { upper } = item
          const walk = () => {
            onWalk()
            return upper.walk()
          }
          yield { ...item, upper: { walk, contents: (e) => upper.contents(e), open: (e) => upper.open(e) } }
        }
      }
    })
  )({ id: randomBytes(8).toString('hex') })
}

const collect: (parameters: null) => Stage<LayerBlob | ImageEnd, readonly string[]> = stage('collect', () =>
  generate<LayerBlob | ImageEnd, readonly string[]>(async function* (items) {
    const digests: string[] = []
    for await (const item of items) {
      if (item.kind === 'layer-blob') digests.push(`${item.blob.descriptor.digest} ${item.diffID} ${item.newest}`)
    }
    yield digests
  })
)

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

test('a file that changed just now is not trusted', async (t) => {
  const [context, store] = [await prepare(t), join(t.testdirName, '.store')]
  await writeFile(join(context, 'c'), 'e')
  await buildLayers(context, store)
  await sleep(100)
  t.equal((await buildLayers(context, store)).opened, 1)
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
