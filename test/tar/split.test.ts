import { Readable } from 'node:stream'
import fc from 'fast-check'
import { test } from 'tap'
import type { TarBlock } from '../../lib/tar/block.js'
import { splitTar } from '../../lib/tar/split.js'
import { cut, extractAll, member, paxMember, tarOf } from '../helpers/tars.js'

const split = (chunks: Iterable<Buffer>): Promise<TarBlock[]> =>
  Readable.from(chunks).compose(splitTar('test')).toArray()

const tar = Buffer.concat([
  tarOf(
    member({ name: './', type: '5' }),
    member({ name: 'a/', type: '5' }),
    paxMember({ path: 'a/big' }),
    member({ name: 'cut' }, Buffer.alloc(2_500_000, 'big')),
    paxMember({ path: `a/${'long'.repeat(100)}` }),
    member({ name: 'cut' }, 'small'),
    member({ name: 'a/.wh.gone' }),
    ...Array.from({ length: 500 }, (_, at) => member({ name: `n${at}` }, `${at}`))
  ),
  Buffer.alloc(7000)
])

test('blocks hold every byte, with what pads the end, however the bytes are cut', async (t) => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.integer({ min: 400, max: 3_000_000 }), { minLength: 1 }), async (lengths) => {
      const blocks = await split(cut(tar, lengths))
      t.ok(Buffer.concat(blocks.map(({ bytes }) => bytes)).equals(tar))
    }),
    { numRuns: 20 }
  )
})

test('a block is never cut inside of a header, whose entry is not known there yet', async (t) => {
  const headers = tarOf(
    ...Array.from({ length: 1500 }, (_, at) => [paxMember({ path: `${at}` }), member({}, 'x')]).flat()
  )
  for (const length of [511, 700, 1024, 65_000, 1_000_001]) {
    let start = 0
    for (const { bytes, marks } of await split(cut(headers, [length]))) {
      t.ok(marks.every(({ header }) => header >= start && header < start + bytes.length))
      start += bytes.length
    }
  }
})

test('marks say where headers and bodies are, each in the block that its header begins in', async (t) => {
  const entries = await extractAll(tar)
  for (const lengths of [[65_536], [1000, 30], [tar.length]]) {
    const marks = []
    let start = 0
    for (const block of await split(cut(tar, lengths))) {
      t.ok(block.marks.every(({ header }) => header >= start && header < start + block.bytes.length))
      t.ok(block.bytes.length <= 2 * 2 ** 20)
      marks.push(...block.marks)
      start += block.bytes.length
    }
    t.same(
      marks.map(({ entry, body }) => ({ entry, body: tar.subarray(body, body + entry.size) })),
      entries
    )
    t.same(
      marks.slice(0, 3).map(({ header, body }) => body - header),
      [512, 1536, 1536]
    )
  }
})
