import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { gzipSync } from 'node:zlib'
import { test } from 'tap'
import type { CompressionFormat } from '../../lib/codec/codec.js'
import { type DecompressOptions, decompressAny } from '../../lib/codec/decompress.js'
import { gzip } from '../../lib/codec/gzip.js'
import { sniffFormat } from '../../lib/codec/sniff.js'
import { zstd } from '../../lib/codec/zstd.js'
import { compressAll, mixedBytes } from '../conformance/codec.js'
import { filterThrough, needs } from '../helpers/peers.js'

const SUBJECT = 'layer 3 of app.tar'
const CONTENTS = mixedBytes(300_000)

/** One gzip blob and one zstd blob, each of two members or frames. */
async function blobs(contents: Buffer = CONTENTS): Promise<readonly Buffer[]> {
  const halves = [contents.subarray(0, contents.length / 3), contents.subarray(contents.length / 3)]
  const frames = halves.map((half) => compressAll(zstd, half))
  return [Buffer.concat(halves.map((half) => gzipSync(half))), Buffer.concat(await Promise.all(frames))]
}

async function decompressed(chunks: Iterable<Buffer>, options?: DecompressOptions): Promise<Buffer> {
  const output: Buffer[] = []
  await pipeline(Readable.from(chunks), decompressAny(SUBJECT, options), async (bytes: AsyncIterable<Buffer>) => {
    for await (const chunk of bytes) output.push(chunk)
  })
  return Buffer.concat(output)
}

function* cut(bytes: Buffer, size: number): Generator<Buffer> {
  for (let offset = 0; offset < bytes.length; offset += size) yield bytes.subarray(offset, offset + size)
}

function skippableFrame(length: number): Buffer {
  const frame = Buffer.alloc(8 + length)
  frame.writeUInt32LE(0x184d2a53, 0)
  frame.writeUInt32LE(length, 4)
  return frame
}

const REFUSED = { code: 'ERR_INPUT', message: new RegExp(SUBJECT) }

test('magic numbers tell the format', async (t) => {
  const heads: readonly (readonly [string, CompressionFormat])[] = [
    ['1f8b0800', 'gzip'],
    ['28b52ffd', 'zstd'],
    ['502a4d18', 'zstd'],
    ['5f2a4d18', 'zstd'],
    ['602a4d18', 'uncompressed'],
    ['1f8b', 'uncompressed'],
    ['', 'uncompressed']
  ]
  for (const [head, format] of heads) t.equal(sniffFormat(Buffer.from(head, 'hex')), format, head)
})

test('members and frames that follow one another are one stream, however it arrives', async (t) => {
  const contents = CONTENTS.subarray(0, 3000)
  for (const blob of await blobs(contents)) {
    for (const size of [1, 7, 1000]) t.ok((await decompressed(cut(blob, size))).equals(contents))
  }
  for (const blob of await blobs()) {
    for (const size of [1000, 65_536, blob.length]) t.ok((await decompressed(cut(blob, size))).equals(CONTENTS))
  }
})

test('what is not compressed passes as it is, short or empty', async (t) => {
  for (const length of [0, 1, 3, 4, 100_000]) {
    const bytes = CONTENTS.subarray(0, length)
    t.ok((await decompressed(cut(bytes, 2000))).equals(bytes))
  }
})

test('a stream that ends early is refused, wherever it ends', async (t) => {
  for (const blob of await blobs()) {
    for (const missing of [1, 4, 5, 9, 1000, blob.length - 20, blob.length - 5]) {
      await t.rejects(decompressed([blob.subarray(0, blob.length - missing)]), REFUSED, `${missing} bytes missing`)
    }
  }
})

test('what follows the last member or frame is refused, even zeros that zlib ignores', async (t) => {
  for (const blob of await blobs()) {
    for (const garbage of ['00', '00000000000000000000', '1f', '1f8b', '28b5', '616263646566']) {
      const rest = Buffer.from(garbage, 'hex')
      await t.rejects(decompressed([Buffer.concat([blob, rest])]), REFUSED, garbage)
      await t.rejects(decompressed([blob, rest]), REFUSED, `${garbage} in a chunk of its own`)
    }
  }
})

test('a flipped bit is refused', async (t) => {
  for (const blob of await blobs()) {
    for (let offset = 10; offset < blob.length; offset += Math.floor(blob.length / 15)) {
      const flipped = Buffer.from(blob)
      flipped.writeUInt8(flipped.readUInt8(offset) ^ 0x10, offset)
      await t.rejects(decompressed([flipped]), REFUSED, `at ${offset}`)
    }
  }
})

test('frames to skip are skipped, before, between and after the others', async (t) => {
  const [, blob = Buffer.alloc(0)] = await blobs()
  const parts = [skippableFrame(0), skippableFrame(500_000), blob, skippableFrame(3), blob, skippableFrame(9)]
  t.ok((await decompressed(cut(Buffer.concat(parts), 5000))).equals(Buffer.concat([CONTENTS, CONTENTS])))
  await t.rejects(decompressed([Buffer.concat([blob, skippableFrame(9).subarray(0, -1)])]), REFUSED)
})

test('a bomb is stopped at the limit, which can be raised', async (t) => {
  const zeros = Buffer.alloc(5 * 2 ** 20)
  for (const codec of [gzip, zstd]) {
    const bomb = await compressAll(codec, zeros)
    const limit = { bytes: 2 ** 20, ratio: 200 }
    await t.rejects(decompressed([bomb], { limit }), { ...REFUSED, message: /set LAYERPIPE_EXPANSION_LIMIT/ })
    t.equal((await decompressed([bomb], { limit: { bytes: 2 ** 23, ratio: 200 } })).length, zeros.length)
    t.equal((await decompressed([bomb], { limit: { bytes: 2 ** 20, ratio: 1e6 } })).length, zeros.length)
  }
})

test('the limit of what may come out is what the environment says', async (t) => {
  const zeros = Buffer.alloc(5 * 2 ** 20)
  const bomb = await compressAll(gzip, zeros)
  t.teardown(() => void delete process.env.LAYERPIPE_EXPANSION_LIMIT)
  process.env.LAYERPIPE_EXPANSION_LIMIT = '1000000'
  await t.rejects(decompressed([bomb]), { ...REFUSED, message: /no more than 1000000 bytes/ })
  process.env.LAYERPIPE_EXPANSION_LIMIT = '10000000'
  t.equal((await decompressed([bomb])).length, zeros.length)
  process.env.LAYERPIPE_EXPANSION_LIMIT = '8GB'
  await t.rejects(decompressed([bomb]), { code: 'ERR_USAGE', message: /LAYERPIPE_EXPANSION_LIMIT.*number of bytes/ })
})

test('windows of more than 128 MiB and dictionaries are refused before anything is decompressed', async (t) => {
  const window = Buffer.from('28b52ffd00b0010000', 'hex')
  const dictionary = Buffer.from('28b52ffd210105010000', 'hex')
  await t.rejects(decompressed([window]), { ...REFUSED, message: /window/ })
  await t.rejects(decompressed([dictionary]), { ...REFUSED, message: /dictionary/ })
})

test('one giant frame from elsewhere is streamed, and its checksum verified', needs('zstd'), async (t) => {
  const contents = mixedBytes(20 * 2 ** 20)
  const frame = filterThrough(contents, 'zstd', '-c', '-1')
  t.ok((await decompressed(cut(frame, 65_536))).equals(contents))
  t.ok((await decompressed(cut(Buffer.concat([frame, frame]), 1e6))).length === 2 * contents.length)
  const wrong = Buffer.from(frame)
  wrong.writeUInt8(wrong.readUInt8(wrong.length - 2) ^ 1, wrong.length - 2)
  await t.rejects(decompressed(cut(wrong, 65_536)), REFUSED)
  await t.rejects(decompressed([frame.subarray(0, -1)]), REFUSED)
})

test('an error of the input is not taken for damage', async (t) => {
  for (const blob of await blobs()) {
    const broken = function* (): Generator<Buffer> {
      yield blob.subarray(0, 50_000)
      throw new Error('the disk is gone')
    }
    await t.rejects(decompressed(broken()), { message: 'the disk is gone' })
  }
})

test('damaged zstd was told in the words of its library alone, without what to do', async (t) => {
  for (const blob of await blobs()) {
    blob.fill(0xff, 2000, 3000)
    const message =
      /expected (whole gzip members|a whole, undamaged frame).*, found .+\. It is damaged or cut off: get it/
    await t.rejects(decompressed([blob]), { code: 'ERR_INPUT', message })
  }
})
