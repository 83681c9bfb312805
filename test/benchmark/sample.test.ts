import { Readable } from 'node:stream'
import fc from 'fast-check'
import { test } from 'tap'
import { sampleTar } from '../../lib/benchmark/sample-tar.js'
import { drawnWithin, spreadWindows } from '../../lib/benchmark/windows.js'
import type { EntryBatch } from '../../lib/diff/entry.js'
import { chain } from '../../lib/streams/body.js'
import { extractEntries } from '../../lib/tar/extract.js'
import { packEntries } from '../../lib/tar/pack.js'
import { splitTar } from '../../lib/tar/split.js'
import { fileEntry, layerTar } from '../helpers/layer-tar.js'

const amounts = fc.record({ total: fc.integer({ min: 1, max: 2 ** 31 }), size: fc.integer({ min: 1, max: 2 ** 28 }) })

test('a sample has the size asked for, and a part in every sixteenth', async () => {
  fc.assert(
    fc.property(amounts, ({ total, size }) => {
      const windows = spreadWindows(total, size)
      const drawn = [...drawnWithin(windows, 0, total)]
      const length = drawn.reduce((sum, [from, to]) => sum + to - from, 0)
      if (size >= total) return length === total
      const inside = drawn.every(([from, to], at) => from >= (drawn[at - 1]?.[1] ?? 0) && to <= total)
      const parts = Array.from({ length: 16 }, (_, part) => [
        ...drawnWithin(windows, Math.floor((total / 16) * part), Math.ceil((total / 16) * (part + 1)))
      ])
      const everywhere = size < windows.count || parts.every((part) => part.length > 0)
      return inside && everywhere && length <= size && length > size - windows.count
    })
  )
})

test('what is drawn of a part does not depend on where the parts are cut', async () => {
  const cut = fc.record({ total: fc.integer({ min: 1, max: 10_000 }), size: fc.nat(5000), at: fc.nat(10_000) })
  fc.assert(
    fc.property(cut, ({ total, size, at }) => {
      const windows = spreadWindows(total, size)
      const bytes = (from: number, to: number): number[] =>
        [...drawnWithin(windows, from, to)].flatMap(([a, b]) => Array.from({ length: b - a }, (_, i) => a + i))
      const middle = Math.min(at, total)
      return `${[...bytes(0, middle), ...bytes(middle, total)]}` === `${bytes(0, total)}`
    })
  )
})

/** Files whose every byte says which file it is of. */
async function tarOfFiles(sizes: readonly number[]): Promise<Buffer> {
  return layerTar(sizes.flatMap((size, at) => fileEntry(`file${at}`, Buffer.alloc(size, at + 1))))
}

async function sampleOf(tar: Buffer, size: number, chunk: number): Promise<Buffer> {
  const chunks = Array.from({ length: Math.ceil(tar.length / chunk) }, (_, at) =>
    tar.subarray(at * chunk, (at + 1) * chunk)
  )
  const through = [splitTar('a tar'), sampleTar(spreadWindows(tar.length, size)), packEntries()]
  const blocks: { bytes: Buffer }[] = await chain(Readable.from(chunks), through).toArray()
  return Buffer.concat(blocks.map(({ bytes }) => bytes))
}

async function entriesOf(tar: Buffer): Promise<EntryBatch> {
  const batches: EntryBatch[] = await chain(Readable.from([tar]), [extractEntries('a sample')]).toArray()
  return batches.flat()
}

test('a sample is a tar, the same each time, with pieces of files under their own names', async () => {
  const inputs = fc.record({
    sizes: fc.array(fc.nat(200_000), { minLength: 1, maxLength: 20 }),
    size: fc.nat(200_000),
    chunk: fc.integer({ min: 10_000, max: 3_000_000 })
  })
  await fc.assert(
    fc.asyncProperty(inputs, async ({ sizes, size, chunk }) => {
      const tar = await tarOfFiles(sizes)
      const sample = await sampleOf(tar, size, chunk)
      if (!sample.equals(await sampleOf(tar, size, tar.length))) return false
      let value = 0
      let bytes = 0
      for (const item of await entriesOf(sample)) {
        if (!Buffer.isBuffer(item)) value = Number(item.path.slice('file'.length)) + 1
        else if (item.some((byte) => byte !== value)) return false
        else bytes += item.length
      }
      return size >= tar.length ? sample.equals(tar) : bytes <= size
    }),
    { numRuns: 40 }
  )
})

test('a sample of one large file has bytes of its beginning, its middle and its end', async (t) => {
  const contents = Buffer.from(Array.from({ length: 1_000_000 }, (_, at) => Math.floor(at / 100_000)))
  const tar = await layerTar(fileEntry('large', contents))
  const [, ...pieces] = await entriesOf(await sampleOf(tar, 50_000, tar.length))
  const drawn = Buffer.concat(pieces.filter((piece) => Buffer.isBuffer(piece)))
  t.same([...new Set(drawn)], [0, 1, 2, 3, 4, 5, 6, 7, 8, 9])
  t.ok(drawn.length > 49_000 && drawn.length <= 50_000)
})
