import { join } from 'node:path'
import { Readable } from 'node:stream'
import fc from 'fast-check'
import { test } from 'tap'
import { comparePaths, createEntry, type Entry, parentOf } from '../../lib/diff/entry.js'
import { layerSnapshots } from '../../lib/diff/layered.js'
import { collect } from '../helpers/tars.js'

/** A path of a model: null is a directory, text is a file with it. */
type Model = ReadonlyMap<string, string | null>

interface Member {
  readonly entry: Entry
  readonly body: string
}

/** Paths put into a tree in order; what is in the way of a later one gives way. */
function modelOf(items: readonly (readonly [string, string | null])[]): Model {
  const model = new Map<string, string | null>()
  for (const [path, content] of items) {
    for (const above of ancestorsOf(path)) if (model.get(above) !== null) model.set(above, null)
    for (const other of [...model.keys()]) if (other.startsWith(`${path}/`)) model.delete(other)
    model.set(path, content)
  }
  return model
}

function ancestorsOf(path: string): readonly string[] {
  const parent = parentOf(path)
  return parent === '' ? [] : [...ancestorsOf(parent), parent]
}

const member = (path: string, content: string | null): Member => ({
  entry: createEntry({ path, type: content === null ? 'directory' : 'file', size: content?.length ?? 0, mode: 1 }),
  body: content ?? ''
})

/** A layer between two models, with opaque directories at the paths that `opaque` picks. */
function diff(lower: Model, upper: Model, opaque: (path: string) => boolean): readonly Member[] {
  const isBelowOpaque = (path: string): boolean => ancestorsOf(path).some((above) => stays(above) && opaque(above))
  const stays = (path: string): boolean => lower.get(path) === null && upper.get(path) === null
  const layer: Member[] = []
  for (const [path, content] of upper) {
    if (lower.get(path) !== content || opaque(path) || isBelowOpaque(path)) layer.push(member(path, content))
    if (stays(path) && opaque(path)) layer.push({ entry: createEntry({ path, type: 'opaque' }), body: '' })
  }
  for (const path of lower.keys()) {
    const isGone = !upper.has(path) && upper.get(parentOf(path)) !== undefined
    if ((isGone || (!upper.has(path) && parentOf(path) === '')) && !isBelowOpaque(path) && !goneWithParent(path))
      layer.push({ entry: createEntry({ path, type: 'whiteout' }), body: '' })
  }
  return layer
  function goneWithParent(path: string): boolean {
    return ancestorsOf(path).some((above) => upper.get(above) !== null)
  }
}

const names = fc.constantFrom('a', 'b', 'a.b', '\xff')
const trees = fc
  .array(
    fc.tuple(
      fc.array(names, { minLength: 1, maxLength: 4 }).map((components) => components.join('/')),
      fc.option(fc.string({ unit: 'binary-ascii', maxLength: 5 }))
    ),
    { maxLength: 12 }
  )
  .map(modelOf)

test('layers between any trees, in any order of their entries, merge to the last tree', async (t) => {
  const root = t.testdir()
  let count = 0
  await fc.assert(
    fc.asyncProperty(
      fc.array(trees, { minLength: 1, maxLength: 5 }),
      fc.func(fc.boolean()),
      fc.nat(),
      async (models, opaque, seed) => {
        const layers = models.map((model, at) => shuffle(diff(models[at - 1] ?? new Map(), model, opaque), seed))
        const snapshot = await layerSnapshots(
          (async function* () {
            for (const layer of layers) yield Readable.from(layer.map(({ entry, body }) => [entry, Buffer.from(body)]))
          })(),
          { spool: async () => join(root, `${(count += 1)}`), keepWhiteouts: false }
        )
        const found = await collect(snapshot.contents(snapshot.walk()))
        await snapshot.close()
        const expected = [...(models.at(-1) ?? [])].sort(([a], [b]) => comparePaths(a, b))
        t.same(
          found.map(({ entry, body }) => ({ entry, body: body.toString() })),
          expected.map(([path, content]) => member(path, content))
        )
      }
    ),
    { numRuns: 150 }
  )
})

/** An order that depends on nothing but the seed. */
function shuffle<T>(items: readonly T[], seed: number): readonly T[] {
  const keyed = items.map((item, at) => ({ item, key: Math.imul(seed + at + 1, 0x9e3779b1) >>> 0 }))
  return keyed.sort((a, b) => a.key - b.key).map(({ item }) => item)
}
