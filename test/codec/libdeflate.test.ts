import { readFile } from 'node:fs/promises'
import { inflateRawSync } from 'node:zlib'
import { deflate as reference } from 'libdeflate'
import { test } from 'tap'
import { digestOf } from '../../lib/blob/digest.js'
import { createDeflater } from '../../lib/codec/libdeflate.js'
import { mixedBytes } from '../conformance/codec.js'

const VENDOR = new URL('../../../lib/codec/libdeflate/', import.meta.url)

/** The one whose parameters are our own. */
const OWN_LEVEL = 6

test('the module gives the bytes that libdeflate gives when others compile it', (t) => {
  const deflater = createDeflater()
  for (const length of [0, 1, 70_000, 300_000]) {
    const contents = mixedBytes(length)
    for (const level of [1, 2, 3, 4, 5, 7, 8, 9]) {
      const deflated = Buffer.from(deflater.deflate(contents, level))
      t.ok(deflated.equals(reference(contents, level)), `${length} bytes at level ${level}`)
    }
  }
  t.end()
})

test('the level of our own lies between its neighbours', async (t) => {
  const deflater = createDeflater()
  const contents = await readFile(new URL('../../../package-lock.json', import.meta.url))
  const [larger, own, smaller] = [5, OWN_LEVEL, 7].map((level) => Buffer.from(deflater.deflate(contents, level)))
  t.ok(own && larger && smaller && own.length < larger.length && own.length > smaller.length)
  t.ok(own && inflateRawSync(own).equals(contents))
})

test('the module makes room for what is longer than anything before', (t) => {
  const deflater = createDeflater()
  for (const length of [10, 3 * 2 ** 20, 5 * 2 ** 20, 10]) {
    const contents = mixedBytes(length)
    t.ok(inflateRawSync(deflater.deflate(contents, 2)).equals(contents), `${length} bytes`)
  }
  t.end()
})

test('the module is the one that its description names', async (t) => {
  const description = await readFile(new URL('README.md', VENDOR), 'utf8')
  const digest = digestOf(await readFile(new URL('libdeflate.wasm', VENDOR)))
  t.match(description, digest.slice('sha256:'.length))
})
