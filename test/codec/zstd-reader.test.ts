import { test } from 'tap'
import { type FramePart, readFrames } from '../../lib/codec/zstd-reader.js'

const HEADER = Buffer.from('28b52ffd0048', 'hex')
const EMPTY = Buffer.from('000000', 'hex')
const LAST = Buffer.from('010000', 'hex')
const ONE_BYTE = Buffer.from('08000078', 'hex')

async function partsOf(...blocks: readonly Buffer[]): Promise<readonly FramePart[]> {
  const parts: FramePart[] = []
  const input = async function* (): AsyncGenerator<Buffer> {
    yield Buffer.concat([HEADER, ...blocks, LAST])
  }
  for await (const frame of readFrames(input(), 'test')) for await (const part of frame.parts) parts.push(part)
  return parts
}

test('empty blocks, of which millions were held one by one, are left out', async (t) => {
  t.same(await partsOf(...Array<Buffer>(1000).fill(EMPTY)), [{ bytes: Buffer.concat([HEADER, LAST]), expandsTo: 0 }])
})

test('short blocks come together', async (t) => {
  const blocks = Array<Buffer>(10_000).fill(ONE_BYTE)
  const parts = await partsOf(...blocks)
  t.equal(parts.length, 3)
  t.equal(
    parts.reduce((sum, { expandsTo }) => sum + expandsTo, 0),
    10_000
  )
  t.ok(Buffer.concat(parts.map(({ bytes }) => bytes)).equals(Buffer.concat([HEADER, ...blocks, LAST])))
})
