import fc from 'fast-check'
import { test } from 'tap'
import { cutBlocks, lengthOf } from '../../lib/codec/cut.js'
import type { BlockSizes } from '../../lib/codec/ruler.js'
import { createEntry } from '../../lib/diff/entry.js'
import type { TarBlock, TarMark } from '../../lib/tar/block.js'

/** A layer's entries as bytes that tell them apart, and where they begin. */
interface Laid {
  readonly bytes: Buffer
  readonly marks: readonly TarMark[]
}

interface Spec {
  readonly path: string
  readonly size: number
}

const SIZES: BlockSizes = { size: 8192, maximum: 16_384 }

function layOut(entries: readonly Spec[]): Laid {
  const parts: Buffer[] = []
  const marks: TarMark[] = []
  let offset = 0
  for (const { path, size } of entries) {
    marks.push({ entry: createEntry({ path, type: 'file', size }), header: offset, body: offset + 512, encoded: false })
    const part = Buffer.alloc(512 + Math.ceil(size / 512) * 512, path)
    parts.push(part)
    offset += part.length
  }
  parts.push(Buffer.alloc(1024))
  return { bytes: Buffer.concat(parts), marks }
}

/** In blocks that end wherever `lengths` says; the rest is one block. */
function* blocksOf({ bytes, marks }: Laid, lengths: readonly number[]): Generator<TarBlock> {
  let start = 0
  for (const length of [...lengths, bytes.length]) {
    const end = Math.min(bytes.length, start + length)
    yield { bytes: bytes.subarray(start, end), marks: marks.filter(({ header }) => header >= start && header < end) }
    start = end
  }
}

async function cut(laid: Laid, sizes: BlockSizes = SIZES, lengths: readonly number[] = []): Promise<readonly Buffer[]> {
  const cuts: Buffer[] = []
  const blocks = (async function* () {
    yield* blocksOf(laid, lengths)
  })()
  for await (const each of cutBlocks(blocks, sizes)) if ('pieces' in each) cuts.push(Buffer.concat(each.pieces))
  return cuts
}

const entriesOf = (count: number, sizeOf: (index: number) => number): readonly Spec[] =>
  Array.from({ length: count }, (_, index) => ({ path: `usr/share/file-${index}`, size: sizeOf(index) }))

const specs = fc.array(fc.record({ path: fc.string({ minLength: 1, maxLength: 8 }), size: fc.nat(30_000) }), {
  maxLength: 40
})

test('whatever blocks a layer comes in, the cuts are the same, within the maximum, and together the layer', async () => {
  const lengths = fc.array(fc.nat(20_000), { maxLength: 20 })
  await fc.assert(
    fc.asyncProperty(specs, lengths, async (entries, lengths) => {
      const laid = layOut(entries)
      const [whole, parts] = [await cut(laid), await cut(laid, SIZES, lengths)]
      const same = whole.length === parts.length && whole.every((each, index) => each.equals(parts[index] ?? each))
      const fitting = whole.every(({ length }) => length > 0 && length <= SIZES.maximum)
      return same && fitting && Buffer.concat(whole).equals(laid.bytes)
    })
  )
})

test('without entries, cuts are of the size asked for', async (t) => {
  const cuts = await cut({ bytes: Buffer.alloc(20_000), marks: [] })
  t.same(
    cuts.map(({ length }) => length),
    [8192, 8192, 3616]
  )
})

test('an empty layer is one empty cut', async (t) => {
  const none = (async function* (): AsyncGenerator<TarBlock> {})()
  const cuts = []
  for await (const each of cutBlocks(none, SIZES)) if ('pieces' in each) cuts.push(lengthOf(each.pieces))
  t.same(cuts, [0])
})

test('small entries share blocks that are about as long as asked for', async (t) => {
  const cuts = await cut(layOut(entriesOf(2000, (index) => (index * 7919) % 1500)))
  const average = lengthOf(cuts) / cuts.length
  t.ok(average > 0.75 * SIZES.size && average < 1.25 * SIZES.size, `${average}`)
})

test('a changed entry changes its own block, and one more or less only those around it', async (t) => {
  const sizeOf = (index: number) => (index * 7919) % 1500
  const entries = entriesOf(2000, sizeOf)
  const before = new Set((await cut(layOut(entries))).map((each) => each.toString('latin1')))
  const newOnes = async (changed: readonly Spec[]): Promise<number> =>
    (await cut(layOut(changed))).filter((each) => !before.has(each.toString('latin1'))).length
  t.ok((await newOnes(entries.with(1000, { path: 'usr/share/file-1000', size: 3000 }))) <= 4, 'longer')
  t.ok((await newOnes(entries.toSpliced(1000, 1))) <= 4, 'gone')
  t.ok((await newOnes(entries.toSpliced(1000, 0, { path: 'usr/share/new', size: 900 }))) <= 4, 'new')
})

test('a large entry is cut from its own start, wherever it lies', async (t) => {
  const large = { path: 'large', size: 100_000 }
  const cutsOf = async (before: number) =>
    (await cut(layOut([{ path: 'first', size: before }, large]))).map((each) => each.toString('latin1'))
  const [one, other] = [await cutsOf(100), await cutsOf(5000)]
  t.same(one.slice(1), other.slice(1))
  t.not(one[0], other[0])
})
