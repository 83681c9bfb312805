import { randomBytes } from 'node:crypto'
import { gunzipSync } from 'node:zlib'
import fc from 'fast-check'
import { type Test, test } from 'tap'
import type { Codec } from '../../lib/codec/codec.js'
import { estargz } from '../../lib/codec/estargz.js'
import { gzip } from '../../lib/codec/gzip.js'
import { zstd } from '../../lib/codec/zstd.js'
import { zstdChunked } from '../../lib/codec/zstd-chunked.js'
import { decompressAll } from '../conformance/codec.js'
import { fileEntry, layerTar } from '../helpers/layer-tar.js'
import { compressTar, type LazyLayer, lazyEntries, packLazily, packLent, sha256 } from '../helpers/lazy-layer.js'
import { filterThrough, needs } from '../helpers/peers.js'
import { cut } from '../helpers/tars.js'

const CODECS = [gzip, estargz, zstd, zstdChunked]

/** Of the blocks of a tar, of members, and of the frames and chunks that gzip does not have. */
function edgesOf(codec: Codec): readonly number[] {
  return [512, 2 ** 20, ...(codec === gzip ? [] : [2 ** 22])]
}

const MEBIBYTE = 2 ** 20

/** The blob is whole for the programs that people have, and is of the layer: estargz alone adds to that. */
function checkBlob(t: Test, codec: Codec, { blob, diffID }: LazyLayer, tar: Buffer): void {
  const contents = filterThrough(blob, codec.format, '-dc')
  t.equal(sha256(contents), diffID ?? sha256(tar))
  t.equal(diffID !== undefined, codec === estargz)
  if (codec.format === 'gzip') t.ok(gunzipSync(blob).equals(contents))
}

for (const codec of CODECS) {
  test(`${codec.name}: every block is given back, and not looked at again`, async (t) => {
    const files = Array.from({ length: 200 }, (_, index) => fileEntry(`file ${index}`, randomBytes(index * 41)))
    const entries = [...lazyEntries, ...files.flat()]
    const { blob, kept } = await packLent(codec, entries)
    t.ok(blob.equals((await packLazily(codec, entries)).blob))
    t.equal(kept, 0)
  })

  const options = needs(codec.format)

  test(`${codec.name}: files that end at, before and behind every edge are read by programs`, options, async (t) => {
    for (const edge of edgesOf(codec)) {
      const sizes = [edge - 1, edge, edge + 1]
      const noise = randomBytes(edge + 1)
      const entries = sizes.flatMap((size, index) => fileEntry(`${index}`, noise.subarray(0, size)))
      const tar = await layerTar(entries)
      checkBlob(t, codec, await compressTar(codec, tar), tar)
    }
  })

  test(
    `${codec.name}: whatever a layer holds, and however it comes in, programs and zlib read it`,
    options,
    async (t) => {
      const bodies = fc.array(fc.uint8Array({ maxLength: 2000 }), { maxLength: 5 })
      await fc.assert(
        fc.asyncProperty(bodies, fc.integer({ min: 1, max: 3000 }), async (bodies, length) => {
          const tar = await layerTar(bodies.flatMap((body, index) => fileEntry(`${index}`, Buffer.from(body))))
          const layer = await compressTar(codec, cut(tar, [length]))
          checkBlob(t, codec, layer, tar)
          t.ok(layer.blob.equals((await compressTar(codec, tar)).blob))
        }),
        { numRuns: 10 }
      )
    }
  )

  test(`${codec.name}: one byte at a time gives what all at once gives`, async (t) => {
    const tar = await layerTar([...fileEntry('empty', ''), ...fileEntry('a', 'contents'), ...fileEntry('b', 'b')])
    t.ok((await compressTar(codec, cut(tar, [1]))).blob.equals((await compressTar(codec, tar)).blob))
  })

  test(`${codec.name}: what does not compress grows by little`, async (t) => {
    const tar = await layerTar(fileEntry('noise', randomBytes(2 * MEBIBYTE)))
    const { blob } = await compressTar(codec, tar)
    t.ok(blob.length < tar.length * 1.001 + 1024, `${blob.length} of ${tar.length}`)
    t.ok((await decompressAll(codec, blob)).subarray(0, tar.length - 1024).equals(tar.subarray(0, -1024)))
  })
}
