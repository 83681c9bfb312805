import { test } from 'tap'
import { zstd } from '../../lib/codec/zstd.js'
import { makeFramesInThread } from '../../lib/codec/zstd-thread.js'
import { decompressAll, mixedBytes } from '../conformance/codec.js'

const CONTENTS = [0, 1, 100, 5000, 40_000, 2 ** 17].map((length) => mixedBytes(length))

test('what a frame holds does not depend on the frames before it', async (t) => {
  for (const level of [1, 3, 9, 19, 22]) {
    const together = await makeFramesInThread(
      [...CONTENTS, ...CONTENTS].map((bytes) => [bytes]),
      { level }
    )
    let offset = 0
    for (const [index, length] of together.lengths.entries()) {
      const alone = await makeFramesInThread([[CONTENTS[index % CONTENTS.length] ?? Buffer.alloc(0)]], { level })
      t.ok(together.bytes.subarray(offset, offset + length).equals(alone.bytes), `frame ${index} at level ${level}`)
      offset += length
    }
  }
})

test('small and large contents come out in order', async (t) => {
  const large = mixedBytes(300_000)
  const members = [large, ...CONTENTS, large]
  const { bytes, lengths } = await makeFramesInThread(
    members.map((member) => [member.subarray(0, 7), member.subarray(7)]),
    { level: 3 }
  )
  t.equal(lengths.length, members.length)
  t.ok((await decompressAll(zstd, bytes)).equals(Buffer.concat(members)))
})

test('levels are real for small contents, too', async (t) => {
  const text = Buffer.from(makeFramesInThread.toString().repeat(3)).subarray(0, 2000)
  const sizes: number[] = []
  for (const level of [1, 19])
    sizes.push((await makeFramesInThread([[text], [mixedBytes(60_000)]], { level })).bytes.length)
  t.ok((sizes[1] ?? 0) < (sizes[0] ?? 0))
})
