import fc from 'fast-check'
import { test } from 'tap'
import { cutBlocks } from '../../lib/codec/cut.js'
import type { TarBlock } from '../../lib/tar/block.js'

async function* blocks(chunks: readonly Uint8Array[]): AsyncGenerator<TarBlock> {
  for (const chunk of chunks) yield { bytes: Buffer.from(chunk), marks: [] }
}

test('cuts are of the size asked for, and together what came in', async () => {
  const chunks = fc.array(fc.uint8Array({ maxLength: 50 }), { maxLength: 20 })
  await fc.assert(
    fc.asyncProperty(chunks, fc.integer({ min: 1, max: 60 }), async (chunks, size) => {
      const cuts: Buffer[] = []
      for await (const pieces of cutBlocks(blocks(chunks), size)) cuts.push(Buffer.concat(pieces))
      const [last, ...others] = cuts.toReversed()
      const lengthsFit = others.every(({ length }) => length === size) && (last?.length ?? 0) <= size
      return lengthsFit && Buffer.concat(cuts).equals(Buffer.concat(chunks))
    })
  )
})

test('an empty layer is one empty cut', async (t) => {
  const cuts = []
  for await (const pieces of cutBlocks(blocks([]), 10)) cuts.push(pieces)
  t.same(cuts, [[]])
})
