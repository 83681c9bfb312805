import { Readable } from 'node:stream'
import fc from 'fast-check'
import { test } from 'tap'
import { withoutOwn } from '../../lib/codec/estargz-without-own.js'
import type { TarBlock } from '../../lib/tar/block.js'
import { splitTar } from '../../lib/tar/split.js'
import { fileEntry, layerTar } from '../helpers/layer-tar.js'
import { cut } from '../helpers/tars.js'

const OWN = new Set(['stargz.index.json', '.prefetch.landmark'])

test('wherever they stand, and whatever blocks they come in, own entries are left out and the others move up', async (t) => {
  const names = fc.uniqueArray(fc.constantFrom(...OWN, 'a', 'b', `${'long/'.repeat(30)}c`, 'd'))
  const sizes = fc.array(fc.nat(3000), { minLength: 6, maxLength: 6 })
  await fc.assert(
    fc.asyncProperty(names, sizes, fc.integer({ min: 1, max: 5000 }), async (names, sizes, length) => {
      const tarOf = (chosen: readonly string[]) =>
        layerTar(chosen.flatMap((name) => fileEntry(name, Buffer.alloc(sizes[names.indexOf(name)] ?? 0, name))))
      const others = names.filter((name) => !OWN.has(name))
      const [all, expected] = [await tarOf(names), await tarOf(others)]
      const blocks = Readable.from(cut(all, [length])).compose(splitTar('test.tar', { verified: true }))
      const kept: TarBlock[] = await Readable.from(withoutOwn(blocks, OWN)).toArray()
      t.ok(Buffer.concat(kept.map(({ bytes }) => bytes)).equals(expected))
      const usual = await Readable.from([expected])
        .compose(splitTar('test.tar', { verified: true }))
        .toArray()
      const placesOf = (some: typeof kept) =>
        some.flatMap(({ marks }) => marks).map(({ entry, header, body }) => [entry.path, header, body])
      t.same(placesOf(kept), placesOf(usual))
      let at = 0
      for (const { bytes, marks } of kept) {
        t.ok(bytes.length > 0 && marks.every(({ header }) => header >= at && header < at + bytes.length))
        at += bytes.length
      }
    }),
    { numRuns: 60 }
  )
})
