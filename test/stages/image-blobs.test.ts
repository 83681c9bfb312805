import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { type Test, test } from 'tap'
import { createDirectorySnapshot } from '../../lib/diff/directory.js'
import type { Snapshot } from '../../lib/diff/snapshot.js'
import { createBudget, custom, type Node, pipe, run, source } from '../../lib/graph/index.js'
import type { ImageBlob, ImageEnd, LayerSource } from '../../lib/stages/items.js'
import { type StageEvent, stageChannel } from '../../lib/trace.js'
import { imageBlobs } from '../../pipelines/image-blobs.js'
import { manifestDefaults } from '../helpers/manifest-defaults.js'

const end: ImageEnd = { kind: 'image', platform: { os: 'linux', architecture: 'amd64' }, config: {}, history: [] }

function sourceOf(snapshot: Snapshot): Node<LayerSource | ImageEnd> {
  return source<null, LayerSource | ImageEnd>('test tree', () =>
    Readable.from([{ kind: 'snapshot', lower: null, upper: snapshot, history: [] }, end])
  )(null)
}

/** A sink of its own for each name, that gives the digests of all blobs. */
const digests = (name: string) =>
  custom<ImageBlob, readonly string[], { name: string }>(
    'digests',
    { name },
    () =>
      async function* (items: AsyncIterable<ImageBlob>) {
        const found: string[] = []
        for await (const { blob } of items) found.push(blob.descriptor.digest)
        yield found
      }
  )

function tree(t: Test): string {
  const files = Object.fromEntries(Array.from({ length: 300 }, (_, index) => [`f${index}`, 'x'.repeat(index * 97)]))
  return t.testdir({ ...files, big: 'y'.repeat(3_000_000) })
}

test('five outputs of two codecs read each file once and hash once per codec', async (t) => {
  const directory = createDirectorySnapshot(tree(t))
  let passes = 0
  const counted: Snapshot = {
    ...directory,
    walk: () => directory.walk(),
    contents: (entries) => {
      passes += 1
      return directory.contents(entries)
    }
  }
  const opened: string[] = []
  const record = (event: unknown): void => {
    const { event: kind, operation } = event as StageEvent
    if (kind === 'open') opened.push(operation)
  }
  subscribe(stageChannel.name, record)
  t.teardown(() => unsubscribe(stageChannel.name, record))
  const image = sourceOf(counted)
  const gzip = imageBlobs(image, manifestDefaults({ compression: ['gzip'] }), 'oci')
  const zstd = imageBlobs(image, manifestDefaults({ compression: ['zstd'] }), 'oci')
  const results = await run([
    pipe(gzip, digests('1')),
    pipe(gzip, digests('2')),
    pipe(zstd, digests('3')),
    pipe(zstd, digests('4')),
    pipe(zstd, digests('5'))
  ])
  t.same(results[0], results[1])
  t.same(results[2], results[4])
  t.not(results[0]?.[0], results[2]?.[0])
  t.equal(passes, 1, 'one pass over the files')
  const count = (operation: string): number => opened.filter((each) => each === operation).length
  t.same(['diff', 'pack', 'compress', 'hash'].map(count), [1, 1, 2, 2])
})

test('one thread and eight give the same bytes', async (t) => {
  const image = sourceOf(createDirectorySnapshot(tree(t)))
  const variants = imageBlobs(image, manifestDefaults({ compression: ['gzip', 'zstd'] }), 'oci')
  const [one] = await run([pipe(variants, digests('1'))], { budget: createBudget(1) })
  const [eight] = await run([pipe(variants, digests('1'))], { budget: createBudget(8) })
  t.same(one, eight)
  t.equal(one?.length, 7, 'two layers, two configs, two manifests and an index')
})

test('an uncompressed layer that is to be remade needs no temporary file', async (t) => {
  const temporary = mkdtempSync(join(tmpdir(), 'layerpipe-test-'))
  t.teardown(() => rmSync(temporary, { recursive: true }))
  const image = sourceOf(createDirectorySnapshot(tree(t)))
  const blobs = imageBlobs(image, manifestDefaults({ compression: ['uncompressed'] }), 'oci', { remake: true })
  const sizes = custom<ImageBlob, number, null>(
    'sizes',
    null,
    () =>
      async function* (items: AsyncIterable<ImageBlob>) {
        for await (const { blob, role } of items) {
          if (role !== 'layer') continue
          const bytes = Buffer.concat(await blob.open().toArray())
          t.equal(bytes.length, blob.descriptor.size)
          const span = Buffer.concat(await blob.open({ start: 600, end: 1300 }).toArray())
          t.ok(span.equals(bytes.subarray(600, 1300)))
          t.same(readdirSync(temporary), [])
          yield bytes.length
        }
      }
  )
  await run([pipe(blobs, sizes)], { temporary })
})

test('a layer that changes between its two readings is an error, not a wrong blob', async (t) => {
  const directory = tree(t)
  const blobs = imageBlobs(
    sourceOf(createDirectorySnapshot(directory)),
    manifestDefaults({ compression: ['uncompressed'] }),
    'oci',
    { remake: true }
  )
  const change = custom<ImageBlob, number, null>(
    'change',
    null,
    () =>
      async function* (items: AsyncIterable<ImageBlob>) {
        for await (const { blob, role } of items) {
          if (role !== 'layer') continue
          writeFileSync(join(directory, 'big'), 'z'.repeat(3_000_000))
          yield (await blob.open().toArray()).length
        }
      }
  )
  await t.rejects(run([pipe(blobs, change)]), { code: 'ERR_INPUT' })
})

test('what is created is dated by the newest entry, or by the epoch, never by the clock', async (t) => {
  const image = sourceOf(createDirectorySnapshot(t.testdir({ a: 'a' })))
  const config = (name: string) =>
    custom<ImageBlob, string, { name: string }>(
      'config',
      { name },
      () =>
        async function* (items: AsyncIterable<ImageBlob>) {
          for await (const { blob, role } of items) {
            if (role === 'config') yield Buffer.concat(await blob.open().toArray()).toString()
          }
        }
    )
  const epoch = imageBlobs(image, manifestDefaults({ sourceDateEpoch: 1_700_000_000 }), 'oci')
  const [dated] = await run([pipe(epoch, config('1'))])
  t.match(dated, '"created":"2023-11-14T22:13:20Z"')
})
