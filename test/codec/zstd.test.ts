import { readFile } from 'node:fs/promises'
import fc from 'fast-check'
import { test } from 'tap'
import { digestOf } from '../../lib/blob/digest.js'
import { zstd } from '../../lib/codec/zstd.js'
import { parseFrameHeader } from '../../lib/codec/zstd-format.js'
import { compressZstdFrame } from '../../lib/codec/zstd-frames.js'
import { codecSuite, compressAll, decompressAll, mixedBytes } from '../conformance/codec.js'
import { filterThrough, needs } from '../helpers/peers.js'

const FRAME = 12 * 2 ** 20

test('zstd is a codec', async (t) => codecSuite(t, zstd))

test('every level is read by zstd', needs('zstd'), async (t) => {
  const bytes = mixedBytes(200_000)
  const levels = Array.from({ length: 23 }, (_, level) => level)
  const frames = await Promise.all(levels.map((level) => compressAll(zstd, bytes, { level })))
  const output = filterThrough(Buffer.concat(frames), 'zstd', '-dc')
  t.equal(output.length, levels.length * bytes.length)
  for (const level of levels) {
    t.ok(output.subarray(level * bytes.length, (level + 1) * bytes.length).equals(bytes), `level ${level}`)
  }
})

test('levels are real: a library once gave level 3 for all', async (t) => {
  const bytes = (await readFile(new URL(import.meta.resolve('typescript')))).subarray(0, 2 ** 18)
  const sizes: number[] = []
  for (const level of [1, 3, 9, 19]) sizes.push((await compressAll(zstd, bytes, { level })).length)
  t.same(
    sizes,
    sizes.toSorted((a, b) => b - a)
  )
  t.equal(new Set(sizes).size, sizes.length)
  t.ok((await compressAll(zstd, bytes, { level: 0 })).equals(await compressAll(zstd, bytes, { level: 3 })))
})

test('a frame ends with the checksum of its contents, and zstd checks it', needs('zstd'), async (t) => {
  const contents = Buffer.from('the contents of a frame')
  const frame = Buffer.concat(await compressZstdFrame([contents], { level: 3 }))
  t.equal(frame.readUInt8(4) & 4, 4)
  t.ok(filterThrough(frame, 'zstd', '-dc').equals(contents))
  const wrong = Buffer.from(frame)
  wrong.writeUInt8(wrong.readUInt8(wrong.length - 1) ^ 1, wrong.length - 1)
  t.throws(() => filterThrough(wrong, 'zstd', '-t'))
  await t.rejects(decompressAll(zstd, wrong), { code: 'ERR_INPUT' })
})

test('a frame says how long its contents are, and has no larger a window than they fill', async (t) => {
  for (const length of [0, 1, 1500, 300_000]) {
    const frame = Buffer.concat(await compressZstdFrame([mixedBytes(length)], { level: 19 }))
    const { contentSize, windowSize } = parseFrameHeader(frame)
    t.equal(contentSize, length)
    t.ok(windowSize < Math.max(length * 2, 1025), `${windowSize} for ${length} bytes`)
    t.ok((await decompressAll(zstd, frame)).equals(mixedBytes(length)))
  }
})

test('a frame that lies about its length is refused', async (t) => {
  const frame = Buffer.concat(await compressZstdFrame([mixedBytes(300_000)], { level: 3 }))
  for (const length of [0, 299_999, 300_001]) {
    const wrong = Buffer.from(frame)
    wrong.writeUInt32LE(length, 6)
    await t.rejects(decompressAll(zstd, wrong), { code: 'ERR_INPUT' })
  }
})

test('the bytes of a layer are these, on every version of Node', async (t) => {
  const bytes = mixedBytes(FRAME + 5)
  t.same(await Promise.all([1, 3].map(async (level) => digestOf(await compressAll(zstd, bytes, { level })))), [
    'sha256:21befe7c8680ca6303d0278210b303b3722ea1e69c0e5ff8d14b6ac66bcaad6e',
    'sha256:b60342719f9d0771de2dda779a735a64ffdb8d56ea12c6973df6bc5bc893ca8d'
  ])
  const part = bytes.subarray(0, 300_000)
  t.same(await Promise.all([12, 19].map(async (level) => digestOf(await compressAll(zstd, part, { level })))), [
    'sha256:ff86335f86452dadddb085e5617cbbee8a0dafd492ef332a2ae5d5ede3b0d2ba',
    'sha256:17a072914045b6211155b30e860be2505bc03819ca1aba5eff2ab0d8ee372b22'
  ])
})

test('at high levels, where memory goes round as soon as a thread has read it, frames come out whole', async (t) => {
  const bytes = Buffer.alloc(2 * FRAME + 5, mixedBytes(2 ** 16))
  for (let at = 0; at < bytes.length - 4; at += 2 ** 14) bytes.writeUInt32BE(at, at)
  const blob = await compressAll(zstd, bytes, { level: 14 })
  t.ok((await decompressAll(zstd, blob)).equals(bytes))
  t.equal(digestOf(blob), 'sha256:27758eb77653be3a72afc472bca098fae7ac79c20b7597e5913769169e777a78')
})

test('whatever goes in comes out, at every frame edge', async (t) => {
  for (const length of [0, 1, 131_072, FRAME - 1, FRAME, FRAME + 1]) {
    const bytes = mixedBytes(length)
    t.ok((await decompressAll(zstd, await compressAll(zstd, bytes))).equals(bytes), `${length} bytes`)
  }
})

test('one-byte chunks give what one chunk gives', async (t) => {
  const bytes = mixedBytes(3000)
  t.ok((await compressAll(zstd, bytes, { blockSize: 1 })).equals(await compressAll(zstd, bytes)))
})

test('any bytes and any level survive a round trip', async () => {
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 5000 }), fc.integer({ min: 0, max: 12 }), async (bytes, level) => {
      const blob = await compressAll(zstd, Buffer.from(bytes), { level, blockSize: 777 })
      return (await decompressAll(zstd, blob)).equals(bytes)
    }),
    { numRuns: 40 }
  )
})
