import { readFile } from 'node:fs/promises'
import { test } from 'tap'
import { digestOf } from '../../lib/blob/digest.js'
import { createFrameCompressor } from '../../lib/codec/libzstd.js'
import { zstd } from '../../lib/codec/zstd.js'
import { decompressAll, mixedBytes } from '../conformance/codec.js'

const VENDOR = new URL('../../../lib/codec/libzstd/', import.meta.url)

test('a frame does not depend on the lengths and levels before it', (t) => {
  const used = createFrameCompressor()
  for (const level of [3, 19, 1, 22, 3, 12]) {
    for (const length of [0, 1, 70_000, 600_000, 300]) {
      const contents = mixedBytes(length)
      const frame = Buffer.from(used.compress(contents, level))
      t.ok(frame.equals(createFrameCompressor().compress(contents, level)), `${length} bytes at level ${level}`)
    }
  }
  t.end()
})

test('the module makes room for what is longer than anything before', async (t) => {
  const compressor = createFrameCompressor()
  for (const length of [10, 4 * 2 ** 20, 13 * 2 ** 20, 10]) {
    const contents = mixedBytes(length)
    t.ok((await decompressAll(zstd, Buffer.from(compressor.compress(contents, 1)))).equals(contents), `${length} bytes`)
  }
})

test('the modules are those that their description names', async (t) => {
  const description = await readFile(new URL('README.md', VENDOR), 'utf8')
  for (const name of ['libzstd.wasm', 'libunzstd.wasm']) {
    const digest = digestOf(await readFile(new URL(name, VENDOR)))
    t.match(description, digest.slice('sha256:'.length), name)
  }
})
