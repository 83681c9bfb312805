import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { PassThrough, Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { setTimeout as wait } from 'node:timers/promises'
import { gunzipSync } from 'node:zlib'
import { type Test, test } from 'tap'
import { createEntryRanges } from '../../lib/codec/entry-ranges.js'
import { estargz } from '../../lib/codec/estargz.js'
import { createEntry, type EntryBatch } from '../../lib/diff/entry.js'
import { createBudget } from '../../lib/graph/context.js'
import type { TarBlock } from '../../lib/tar/block.js'
import { splitTar } from '../../lib/tar/split.js'
import { mixedBytes } from '../conformance/codec.js'
import { readFile, readToc } from '../helpers/estargz-reader.js'
import { fileEntry, sampleEntries } from '../helpers/layer-tar.js'
import { compressBlocks, packLazily, sha256 } from '../helpers/lazy-layer.js'
import { extractAll, member } from '../helpers/tars.js'

const PREFETCH = '.prefetch.landmark'
const TOC = 'stargz.index.json'

/** A file of two chunks among others, and a deletion. */
const entries: EntryBatch = [
  ...sampleEntries,
  ...fileEntry('big', mixedBytes(2 ** 22 + 1)),
  ...fileEntry('chunk', mixedBytes(70_000)),
  ...fileEntry('empty', ''),
  createEntry({ path: 'gone', type: 'whiteout' }),
  createEntry({ path: 'null', type: 'character-device', mode: 0o666, major: 1, minor: 3 })
]

/** Entries as estargz with priorities; the spool's path has to be free before and after. */
async function packFirst(t: Test, paths: readonly string[]) {
  const spool = join(t.testdir(), 'spool')
  const layer = await packLazily(estargz, entries, 2, 6, { paths, temporary: async () => spool })
  t.notOk(existsSync(spool))
  return layer
}

async function namesIn(blob: Buffer): Promise<readonly string[]> {
  return (await extractAll(gunzipSync(blob))).map(({ entry }) => entry.path)
}

test('prioritized entries come first in their order with what they need, then a landmark, then the rest', async (t) => {
  const { blob, diffID, prioritized } = await packFirst(t, ['/null', './other', 'nowhere', 'bin/'])
  const names = await namesIn(blob)
  t.same(names.slice(0, 6), ['null', 'bin', 'bin/tool', 'other', PREFETCH, 'link'])
  t.same(prioritized, ['/null', './other', 'bin/'])
  t.equal(diffID, sha256(gunzipSync(blob)))
  const plain = await namesIn((await packLazily(estargz, entries)).blob)
  t.same(names.filter((name) => name !== PREFETCH).toSorted(), plain.toSorted())
})

test('every file of a reordered layer can be read on its own, and the landmark, too', async (t) => {
  const { blob } = await packFirst(t, ['big', 'empty'])
  const toc = readToc(blob)
  t.same(readFile(blob, toc, PREFETCH), Buffer.from([0xf]))
  for (const { entry, body } of await extractAll(gunzipSync(blob))) {
    if (entry.type === 'file' && entry.path !== TOC) t.ok(readFile(blob, toc, entry.path).equals(body), entry.path)
  }
})

test('an entry that comes first keeps to whole blocks where the tar lacks its padding', async (t) => {
  const tar = Buffer.concat([member({ name: 'a' }, 'first'), member({ name: 'b' }, 'last')]).subarray(0, 3 * 512 + 4)
  const blocks = Readable.from([tar]).compose(splitTar('test.tar', { verified: true }))
  const priorities = { paths: ['b'], temporary: async () => join(t.testdir(), 'spool') }
  const { blob } = await compressBlocks(estargz, blocks, { priorities, stored: true })
  t.same(await namesIn(blob), ['b', PREFETCH, 'a', TOC])
  t.equal(readFile(blob, readToc(blob), 'b').toString(), 'last')
})

test('what has priority lies before the landmark in the blob', async (t) => {
  const toc = readToc((await packFirst(t, ['chunk'])).blob)
  const offsets = ['chunk', PREFETCH, 'big'].map(
    (name) => toc.entries.find((entry) => entry.name === name)?.offset ?? 0
  )
  t.same(
    offsets,
    offsets.toSorted((a, b) => a - b)
  )
})

test('a layer without any of the entries says that nothing is to be fetched ahead', async (t) => {
  const { blob, prioritized } = await packFirst(t, ['nowhere', '../etc', '.wh.gone', 'gone'])
  t.equal((await namesIn(blob))[0], '.no.prefetch.landmark')
  t.same(prioritized, [])
})

test('without priorities a layer has no landmark', async (t) => {
  const { blob } = await packLazily(estargz, entries)
  t.notMatch((await namesIn(blob)).join(), 'landmark')
})

test('hard links to each other, and names of a thousand components, end', (t) => {
  const ranges = createEntryRanges()
  const deep = 'd/'.repeat(100_000)
  const marks = ['a', 'b', `${deep}f`].map((path, index) => ({
    entry: createEntry({ path, type: index < 2 ? 'hardlink' : 'file', link: path === 'a' ? 'b' : 'a' }),
    header: index * 512,
    body: (index + 1) * 512,
    encoded: false
  }))
  ranges.add(marks)
  const starts = ranges.inOrder(['a', `${deep}f`, 'b']).map(({ start }) => start)
  t.same(starts, [512, 0, 1024])
  t.end()
})

test('a layer that fails midway leaves no spool', async (t) => {
  const spool = join(t.testdir(), 'spool')
  const priorities = { paths: ['a'], temporary: async () => spool }
  const { stream } = estargz.compress({ level: 6, budget: createBudget(2), priorities })
  const broken = async function* (): AsyncGenerator<TarBlock> {
    yield { bytes: Buffer.alloc(2 ** 20), marks: [] }
    while (!existsSync(spool)) await wait(5)
    throw new Error('the disk is gone')
  }
  await t.rejects(pipeline(Readable.from(broken()), stream, new PassThrough({ objectMode: true }).resume()), {
    message: 'the disk is gone'
  })
  for (let tries = 0; tries < 100 && existsSync(spool); tries += 1) await wait(20)
  t.notOk(existsSync(spool))
})

test('a spool that can not be written is an error that names it', async (t) => {
  const priorities = { paths: ['a'], temporary: async () => join(t.testdir(), 'no/such/directory') }
  const packed = packLazily(estargz, fileEntry('a', 'a'), 2, 6, priorities)
  await t.rejects(packed, { code: 'ERR_OUTPUT', message: /no\/such\/directory/ })
})
