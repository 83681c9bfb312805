import { test } from 'tap'
import { createFrameDecompressor } from '../../lib/codec/libunzstd.js'
import { createFrameCompressor } from '../../lib/codec/libzstd.js'
import { parseFrameHeader } from '../../lib/codec/zstd-format.js'
import { createFrameStreamer } from '../../lib/codec/zstd-stream.js'
import { mixedBytes } from '../conformance/codec.js'

const compressor = createFrameCompressor()

function frameOf(contents: Buffer): Buffer {
  return Buffer.from(compressor.compress(contents, 3))
}

/** The same in pieces. */
function* split(bytes: Buffer, size: number): Generator<Buffer> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
}

test('frames come out as they went in, one after another and in any pieces', (t) => {
  const decompressor = createFrameDecompressor(2 ** 23)
  for (const length of [0, 1, 2 ** 17, 2 ** 18, 2 ** 19, 600_000, 1]) {
    const contents = mixedBytes(length)
    const frame = frameOf(contents)
    for (const size of [frame.length, 2 ** 18 + 1, 1000]) {
      const output = [...split(frame, size)].flatMap((piece) => [...decompressor.push(piece)])
      decompressor.finish()
      t.ok(Buffer.concat(output).equals(contents), `${length} bytes in pieces of ${size}`)
    }
  }
  t.end()
})

test('what comes out is not written over by what comes after it', (t) => {
  const decompressor = createFrameDecompressor(2 ** 23)
  const [first] = decompressor.push(frameOf(Buffer.from('first')))
  const [second] = decompressor.push(frameOf(Buffer.from('other')))
  t.same([String(first), String(second)], ['first', 'other'])
  t.end()
})

test('damage is refused with what the library says of it', (t) => {
  const frame = frameOf(mixedBytes(300_000))
  const wrong = Buffer.from(frame)
  wrong.writeUInt8(frame.readUInt8(frame.length - 1) ^ 1, frame.length - 1)
  t.throws(() => [...createFrameDecompressor(2 ** 23).push(wrong)], { message: /checksum/ })
  const early = createFrameDecompressor(2 ** 23)
  t.equal(Buffer.concat([...early.push(frame.subarray(0, -1))]).length, 300_000)
  t.throws(() => early.finish(), { message: 'the frame has no end' })
  t.end()
})

test('a window that is larger than those before gets room', async (t) => {
  const streamFrame = createFrameStreamer()
  for (const length of [1000, 10 * 2 ** 20, 1000]) {
    const contents = mixedBytes(length)
    const frame = frameOf(contents)
    const pieces: Buffer[] = []
    const parts = async function* (): AsyncGenerator<Buffer> {
      yield* split(frame, 2 ** 16)
    }
    for await (const piece of streamFrame({ ...parseFrameHeader(frame), windowSize: length }, parts()))
      pieces.push(piece)
    t.ok(Buffer.concat(pieces).equals(contents), `${length} bytes`)
  }
})
