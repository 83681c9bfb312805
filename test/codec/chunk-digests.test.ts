import { Readable } from 'node:stream'
import { test } from 'tap'
import { type ChunkDigests, createChunkDigests } from '../../lib/codec/chunk-digests.js'
import { estargz } from '../../lib/codec/estargz.js'
import { zstdChunked } from '../../lib/codec/zstd-chunked.js'
import type { TarBlock } from '../../lib/tar/block.js'
import { packEntries } from '../../lib/tar/pack.js'
import { compressBlocks, lazyEntries, packLazily } from '../helpers/lazy-layer.js'

test('two formats of one layer come out as alone, and digest no chunk twice', async (t) => {
  const digests = createChunkDigests()
  const made = new Set<string>()
  const counting: ChunkDigests = {
    find: (entry, index, make) =>
      digests.find(entry, index, () => {
        t.notOk(made.has(`${entry.path} ${index}`), entry.path)
        made.add(`${entry.path} ${index}`)
        return make()
      })
  }
  const packed = Readable.from([lazyEntries]).pipe(packEntries())
  const blocks: readonly TarBlock[] = await packed.toArray()
  for (const codec of [estargz, zstdChunked]) {
    const { blob } = await compressBlocks(codec, Readable.from(blocks), { digests: counting })
    t.ok(blob.equals((await packLazily(codec, lazyEntries)).blob), codec.name)
  }
  t.ok(made.has('big 2'))
})
