import { open, readFile } from 'node:fs/promises'
import { gunzipSync, gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { test } from 'tap'
import { digestOf } from '../../lib/blob/digest.js'
import { deflate } from '../../lib/codec/deflate.js'
import { gzip } from '../../lib/codec/gzip.js'
import { codecSuite, compressAll, decompressAll, mixedBytes } from '../conformance/codec.js'
import { filterThrough, needs } from '../helpers/peers.js'

const BLOCK = 2 ** 20
const LEVELS = Array.from({ length: 10 }, (_, level) => level)

test('gzip is a codec', async (t) => codecSuite(t, gzip))

test('every level is read by gzip and by zlib', needs('gzip'), async (t) => {
  const bytes = mixedBytes(170_000)
  const blobs = await Promise.all(LEVELS.map((level) => compressAll(gzip, bytes, { level })))
  const output = filterThrough(Buffer.concat(blobs), 'gzip', '-dc')
  t.equal(output.length, LEVELS.length * bytes.length)
  for (const [level, blob] of blobs.entries()) {
    t.ok(gunzipSync(blob).equals(bytes), `zlib reads level ${level}`)
    const read = output.subarray(level * bytes.length, (level + 1) * bytes.length)
    t.ok(read.equals(bytes), `gzip reads level ${level}`)
  }
})

test(
  'a level is no more than 1 % larger than that of gzip, and no larger than the one below',
  needs('gzip'),
  async (t) => {
    const bytes = await programAndText()
    let below = bytes.length
    for (const level of LEVELS.slice(1)) {
      const peer = filterThrough(bytes, 'gzip', '-n', `-${level}`)
      const ours = await compressAll(gzip, bytes, { level })
      t.ok(ours.length <= peer.length * 1.01, `level ${level}: ${ours.length} against ${peer.length}`)
      t.ok(ours.length <= below, `level ${level} is no larger than the one below`)
      below = ours.length
    }
  }
)

test('text alone is no more than 1 % larger than that of gzip: it was by 2', needs('gzip'), async (t) => {
  const text = await readFile(new URL(import.meta.resolve('typescript')))
  for (const level of [5, 6, 7]) {
    const peer = filterThrough(text, 'gzip', '-n', `-${level}`)
    const ours = await compressAll(gzip, text, { level })
    t.ok(ours.length <= peer.length * 1.01, `level ${level}: ${ours.length} against ${peer.length}`)
  }
})

test('members start with a header that tells neither name, time nor system', async (t) => {
  for (const level of LEVELS) {
    const member = await deflate([Buffer.from('contents')], level)
    const extraFlags = { 1: '04', 9: '02' }[level] ?? '00'
    t.equal(member.subarray(0, 10).toString('hex'), `1f8b080000000000${extraFlags}ff`)
  }
})

test('the bytes of a layer are these, on every version of Node', async (t) => {
  const bytes = mixedBytes(2 * BLOCK + 5)
  t.same(await Promise.all([1, 6, 9].map(async (level) => digestOf(await compressAll(gzip, bytes, { level })))), [
    'sha256:0e9bb1038e7e73d9d6aba5f1223bb82a2e387170f55f08b9418dfbd786cba5ed',
    'sha256:335c64ab32921fc46d8126f2743f911398d51f18aa1f7e6e54f9b30507580ac5',
    'sha256:692a5e4831f8ba11b89106533ec6c536b5739270059ae9be8740b3e0168a3bd9'
  ])
})

test('whatever goes in comes out, at every block edge', async (t) => {
  const lengths = [0, 1, 65_534, 65_535, 65_536, BLOCK - 1, BLOCK, BLOCK + 1]
  for (const length of lengths) {
    const bytes = mixedBytes(length)
    for (const level of [0, 6]) {
      t.ok((await decompressAll(gzip, await compressAll(gzip, bytes, { level }))).equals(bytes), `${length} bytes`)
    }
  }
})

test('one-byte chunks give what one chunk gives', async (t) => {
  const bytes = mixedBytes(3000)
  t.ok((await compressAll(gzip, bytes, { blockSize: 1 })).equals(await compressAll(gzip, bytes)))
})

test('any bytes and any level survive a round trip', async () => {
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 5000 }), fc.integer({ min: 0, max: 9 }), async (bytes, level) => {
      const blob = await compressAll(gzip, Buffer.from(bytes), { level, blockSize: 777 })
      return gunzipSync(blob).equals(bytes)
    }),
    { numRuns: 40 }
  )
})

test('what does not compress grows by little', async (t) => {
  const noise = gzipSync(mixedBytes(BLOCK))
  const blob = await compressAll(gzip, noise)
  t.ok(blob.length < noise.length * 1.001 + 64)
})

/** What layers are made of: a part of a program and a part of a source text. */
async function programAndText(): Promise<Buffer> {
  const program = await open(process.execPath)
  const code = Buffer.alloc(BLOCK)
  await program.read(code, 0, code.length, 32 * BLOCK)
  await program.close()
  const text = await readFile(new URL(import.meta.resolve('typescript')))
  return Buffer.concat([code, text.subarray(0, BLOCK / 2)])
}
