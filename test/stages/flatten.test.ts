import { readdirSync } from 'node:fs'
import { Readable } from 'node:stream'
import { test } from 'tap'
import { memoryBlob } from '../../lib/blob/blob.js'
import { createEntry, type EntryBatch } from '../../lib/diff/entry.js'
import { type Node, pipe, run, source, stage } from '../../lib/graph/index.js'
import { flatten } from '../../lib/stages/flatten.js'
import type { Changeset, ImageEnd } from '../../lib/stages/items.js'
import { createBody } from '../../lib/streams/body.js'
import { generate } from '../../lib/streams/generate.js'
import { type ProgressEvent, progressChannel } from '../../lib/trace.js'
import { stageSuite } from '../conformance/stage.js'
import { published } from '../helpers/published.js'
import { collect } from '../helpers/tars.js'

type Item = Changeset | ImageEnd

const file = (path: string, body: string): EntryBatch => [
  createEntry({ path, type: 'file', size: body.length }),
  Buffer.from(body)
]
const whiteout = (path: string): EntryBatch => [createEntry({ path, type: 'whiteout' })]
const end: ImageEnd = { kind: 'image', platform: { os: 'linux', architecture: 'amd64' }, config: {}, history: [] }

const layer = (created_by: string, ...batches: readonly EntryBatch[]): Changeset => ({
  kind: 'changeset',
  body: createBody(() => Readable.from(batches)),
  stored: null,
  history: [{ created_by }]
})

const items = (make: () => readonly Item[]): Node<Item> =>
  source<null, Item>('items', () => Readable.from(make(), { highWaterMark: 1 }))(null)

/** What came out: for a changeset its entries and steps, for an image's end a bar. */
const spell = stage<null, Item, string>('spell', () =>
  generate<Item, string>(async function* (found) {
    const words: string[] = []
    for await (const item of found) {
      if (item.kind === 'image') words.push('|')
      else {
        const entries = await collect(item.body.open())
        words.push(...entries.map(({ entry, body }) => `${entry.path}${entry.type === 'file' ? `=${body}` : '/'}`))
        words.push(`(${item.history.map((step) => `${step.created_by}${step.empty_layer ? '-' : ''}`).join()})`)
      }
    }
    yield words.join(' ')
  })
)(null)

test('several layers of an image become one changeset without whiteouts', async (t) => {
  const image = items(() => [
    layer('one', file('d/a', '1'), file('b', '1')),
    layer('two', whiteout('b'), file('c', '2')),
    layer('three', file('d/a', '3')),
    end
  ])
  t.same(await run([pipe(image, flatten(), spell)]), ['c=2 d/ d/a=3 (one-,two-,three) |'])
})

test('parents that a layer has no entries for were missing from a tar of it', async (t) => {
  const directory = (path: string): EntryBatch => [createEntry({ path, type: 'directory', mode: 0o700 })]
  const image = items(() => [
    layer('one', [...file('a/b/c', '1'), ...file('a/d', '2')], directory('e'), file('e/f/g', '3'), file('e/h', '4')),
    end
  ])
  t.same(await run([pipe(image, flatten(), spell)]), ['a/ a/b/ a/b/c=1 a/d=2 e/ e/f/ e/f/g=3 e/h=4 (one) |'])
})

test('a single layer is passed through without its whiteouts, and an image of no layers is empty', async (t) => {
  const images = items(() => [layer('one', file('z', '1'), whiteout('x'), file('a', '2')), end, end])
  t.same(await run([pipe(images, flatten(), spell)]), ['z=1 a=2 (one) | () |'])
})

test('the parents of a stored layer came after their children, and twice', async (t) => {
  const directory = (path: string): EntryBatch => [createEntry({ path, type: 'directory' })]
  const tangled = layer('one', file('z/a', '1'), directory('z'), file('b/c', '2'), directory('z'))
  const blob = memoryBlob(Buffer.alloc(0), { mediaType: 'application/vnd.oci.image.layer.v1.tar' })
  const stored = { blob, diffID: blob.descriptor.digest }
  const image = items(() => [{ ...tangled, stored }, end, { ...tangled, stored }, layer('two', whiteout('z')), end])
  t.same(await run([pipe(image, flatten(), spell)]), ['b/ b/c=2 z/ z/a=1 (one) | b/ b/c=2 (one-,two) |'])
})

test('images one after the other are kept apart', async (t) => {
  const image = () => [layer('one', file('a', '1')), layer('two', whiteout('a'), file('b', '2')), end]
  t.same(
    await run([
      pipe(
        items(() => [...image(), layer('three', file('a', '3')), end, ...image()]),
        flatten(),
        spell
      )
    ]),
    ['b=2 (one-,two) | a=3 (three) | b=2 (one-,two) |']
  )
})

test('another branch that reads the same layers gets them too', async (t) => {
  const image = items(() => [
    layer('one', file('a', '1')),
    layer('two', whiteout('a')),
    layer('three', file('b', '3')),
    end
  ])
  const whole = stage<null, Item, string>('count', () =>
    generate<Item, string>(async function* (found) {
      let count = 0
      for await (const item of found) if (item.kind === 'changeset') count += (await collect(item.body.open())).length
      yield `${count}`
    })
  )(null)
  t.same(await run([pipe(image, flatten(), spell), pipe(image, whole)]), ['b=3 (one-,two-,three) |', '3'])
})

test('a layer that cannot be merged is the error of the run, and nothing is left behind', async (t) => {
  const temporary = t.testdir()
  const image = items(() => [layer('one', file('a', '1')), layer('two', file('a/b', '2')), layer('three'), end])
  await t.rejects(run([pipe(image, flatten(), spell)], { temporary }), {
    code: 'ERR_INPUT',
    message: /layer 2, entry a\/b/
  })
  t.same(readdirSync(temporary), [])
})

test('it is a stage like all others', async (t) => {
  stageSuite(t, 'flatten', {
    stage: flatten,
    items: () => [layer('one', file('a', '1')), layer('two', file('b', '2')), end, layer('three'), end, end]
  })
})

test('what is merged tells how much of it has been read', async (t) => {
  const image = items(() => [layer('one', file('a', 'four')), layer('two', file('b', 'seven')), end])
  const moves = await published<ProgressEvent>(progressChannel.name, () => run([pipe(image, flatten(), spell)]))
  const bytes = moves.reduce((sum, event) => sum + event.bytes, 0)
  t.same([bytes, moves.at(-1)?.total], [9, 9])
})
