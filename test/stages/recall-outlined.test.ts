import { randomBytes } from 'node:crypto'
import { appendFileSync, chmodSync, mkdirSync, renameSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { type Test, test } from 'tap'
import { openStore, type Store } from '../../lib/blob/store.js'
import { createBlockCache } from '../../lib/blob/stored-blocks.js'
import type { StoredBlock } from '../../lib/codec/block-cache.js'
import { pipe } from '../../lib/graph/pipe.js'
import { transformEntries } from '../../lib/stages/transform-entries.js'
import { mixedBytes } from '../conformance/codec.js'
import { type Made, makeLayer, makeWith } from '../helpers/made-layer.js'

const FILES = 240
const FILE_SIZE = 12_000

/** A tree of small files and a large one in between, settled, and an empty store beside it. */
async function prepare(t: Test): Promise<{ readonly tree: string; readonly store: Store }> {
  const root = t.testdir({ tree: {} })
  const tree = join(root, 'tree')
  for (const directory of ['a', 'c']) mkdirSync(join(tree, directory))
  const contents = mixedBytes(FILES * FILE_SIZE)
  for (let index = 0; index < FILES; index++) {
    writeFileSync(pathOf(tree, index), contents.subarray(index * FILE_SIZE, (index + 1) * FILE_SIZE))
  }
  writeFileSync(join(tree, 'b'), mixedBytes(3_300_000))
  await settle()
  return { tree, store: openStore(join(root, 'store')) }
}

function pathOf(tree: string, index: number): string {
  return join(tree, index % 2 === 0 ? 'a' : 'c', `${Math.floor(index / 2)}`)
}

/** Until then a file could change again and look the same. */
const settle = (): Promise<void> => setTimeout(60)

const result = ({ digest, diffID, newest }: Made) => ({ digest, diffID, newest })

/** What can happen to a tree; most of it more than once to the same file. */
const EDITS: Readonly<Record<string, (tree: string, index: number) => void>> = {
  change: (tree, index) => writeFileSync(pathOf(tree, index), randomBytes(FILE_SIZE)),
  shorten: (tree, index) => writeFileSync(pathOf(tree, index), `${index}`),
  empty: (tree, index) => writeFileSync(pathOf(tree, index), ''),
  remove: (tree, index) => rmSync(pathOf(tree, index), { force: true }),
  add: (tree, index) => writeFileSync(`${pathOf(tree, index)}-new`, randomBytes(index * 100)),
  rename: (tree, index) => {
    writeFileSync(pathOf(tree, index), 'something')
    renameSync(pathOf(tree, index), `${pathOf(tree, index)}-old`)
  },
  touch: (tree, index) => {
    appendFileSync(pathOf(tree, index), '')
    utimesSync(pathOf(tree, index), index, 1_500_000_000 + index)
  },
  chmod: (tree, index) => {
    appendFileSync(pathOf(tree, index), '')
    chmodSync(pathOf(tree, index), 0o600 + (index % 8))
  },
  appendToLarge: (tree, index) => appendFileSync(join(tree, 'b'), randomBytes(index * 1000)),
  grow: (tree, index) => writeFileSync(pathOf(tree, index), randomBytes(1_200_000))
}

test('whatever happens to a tree, its layer is that of a run that knows nothing', async (t) => {
  const { tree, store } = await prepare(t)
  const edit = fc.tuple(fc.constantFrom(...Object.keys(EDITS)), fc.nat(FILES - 1))
  await fc.assert(
    fc.asyncProperty(fc.array(edit, { maxLength: 4 }), async (edits) => {
      for (const [name, index] of edits) EDITS[name]?.(tree, index)
      const early = await makeLayer(tree, store)
      await settle()
      const [warm, cold] = [await makeLayer(tree, store), await makeLayer(tree, null)]
      t.same(result(early), result(cold))
      t.same(result(warm), result(cold))
      t.equal(warm.compressed, 0)
    }),
    { numRuns: 8 }
  )
})

test('two codecs each know their own blocks', async (t) => {
  const { tree, store } = await prepare(t)
  for (const codec of ['gzip', 'zstd'] as const) {
    const first = await makeLayer(tree, store, { codec })
    EDITS.change?.(tree, 7)
    await settle()
    const warm = await makeLayer(tree, store, { codec })
    t.ok(warm.compressed >= 1 && warm.compressed < first.compressed, `${codec}: ${warm.compressed}`)
    t.same(result(warm), result(await makeLayer(tree, null, { codec })))
  }
})

test('two runs at once leave what the next one can use', async (t) => {
  const { tree, store } = await prepare(t)
  const [one, other] = await Promise.all([makeLayer(tree, store), makeLayer(tree, store)])
  t.same(one, other)
  t.same(await makeLayer(tree, store), { ...one, found: one.compressed, compressed: 0 })
})

test('a known block that does not expand to what it was made of is made anew', async (t) => {
  const { tree, store } = await prepare(t)
  const first = await makeLayer(tree, store)
  const cache = createBlockCache(store)
  const others: Readonly<Record<string, (bytes: Buffer) => Buffer>> = {
    'not compressed at all': ({ length }) => Buffer.alloc(length),
    'cut off': (bytes) => bytes.subarray(0, bytes.length - 9),
    'less than there was': () => gzipSync('less')
  }
  for (const [name, other] of Object.entries(others)) {
    const read = async (block: StoredBlock): Promise<Buffer | null> =>
      other((await cache.read(block)) ?? Buffer.alloc(0))
    const made = await makeWith(tree, { ...cache, find: async () => null, read })
    t.same(result(made), result(first), name)
    t.equal(made.compressed, first.compressed, name)
  }
})

test('entries that a stage changed on their way are not taken for those of the directory', async (t) => {
  const { tree, store } = await prepare(t)
  const zeros = transformEntries(
    'zeros',
    null,
    () =>
      async function* (batches) {
        for await (const batch of batches)
          yield batch.map((item) => (Buffer.isBuffer(item) ? Buffer.alloc(item.length) : item))
      }
  )
  const changes = { changes: (node: Parameters<typeof zeros>[0]) => pipe(node, zeros) }
  const plain = await makeLayer(tree, store)
  const changed = await makeLayer(tree, store, changes)
  t.not(changed.diffID, plain.diffID)
  t.same(result(changed), result(await makeLayer(tree, null, changes)))
})
