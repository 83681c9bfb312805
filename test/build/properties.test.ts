import fc from 'fast-check'
import { test } from 'tap'
import { parseDockerfile } from '../../lib/build/dockerfile.js'
import { layerOf } from '../../lib/build/layer-snapshot.js'
import { compileGlob } from '../../lib/build/match.js'
import { createOverlay } from '../../lib/build/overlay.js'
import { emptyTree, type TreeNode } from '../../lib/build/tree.js'
import { createTreeWriter } from '../../lib/build/writer.js'
import { comparePaths, createEntry, parentOf } from '../../lib/diff/entry.js'
import { LayerpipeError } from '../../lib/errors.js'

const PIECES = [
  'FROM',
  'scratch',
  'COPY',
  'RUN',
  'ENV',
  'a',
  '=',
  ' ',
  '\n',
  '\\',
  '\\\n',
  '#',
  '<<E',
  'E',
  '"',
  "'",
  '[',
  ']',
  '--',
  '--from=',
  '$',
  '{',
  '}',
  '\t',
  '\r\n',
  'é',
  '\u0000'
]

test('no text makes the reader fail in any way but its own', (t) => {
  const text = fc.array(fc.constantFrom(...PIECES), { maxLength: 40 }).map((pieces) => pieces.join(''))
  fc.assert(
    fc.property(text, (dockerfile) => {
      try {
        parseDockerfile(dockerfile)
        return true
      } catch (error) {
        return error instanceof LayerpipeError
      }
    }),
    { numRuns: 2000 }
  )
  t.end()
})

test('a pattern without special characters matches itself and nothing else', (t) => {
  const plain = fc.string({ unit: 'grapheme', minLength: 1 }).map((text) => text.replace(/[*?[\]\\]/g, 'x'))
  fc.assert(
    fc.property(
      plain,
      plain,
      (one, two) => compileGlob(one)?.test(one) === true && (one === two || compileGlob(one)?.test(two) === false)
    )
  )
  t.end()
})

const node = (mtime: number): TreeNode => ({
  entry: createEntry({ path: 'x', type: 'file', mtime }),
  body: null,
  inode: null
})

test('whatever is written, a layer is in order, has each path once, and parents first', async () => {
  const name = fc.constantFrom('a', 'a.b', 'b', 'b-', 'é')
  const path = fc
    .array(name, { minLength: 1, maxLength: 4 })
    .map((names) => Buffer.from(names.join('/')).toString('latin1'))
  const writes = fc.array(fc.record({ path, time: fc.integer({ min: 0, max: 100 }) }), { minLength: 1, maxLength: 12 })
  await fc.assert(
    fc.asyncProperty(writes, writes, async (first, second) => {
      const lower = createOverlay(emptyTree)
      const upper = createOverlay(lower)
      for (const [overlay, steps] of [
        [lower, first],
        [upper, second]
      ] as const) {
        const writer = createTreeWriter(
          overlay,
          { owner: null, mode: null, epoch: null, fallback: 0 },
          () => new RangeError()
        )
        for (const step of steps) {
          try {
            writer.makeDirectories(parentOf(step.path))
            writer.write(step.path, node(step.time))
          } catch (error) {
            if (!(error instanceof RangeError)) throw error
          }
        }
        writer.finish()
      }
      const paths: string[] = []
      const layer = await layerOf(upper, async () => undefined)
      for await (const batch of layer?.upper.walk() ?? []) paths.push(...batch.map((entry) => entry.path))
      const sorted = paths.every((each, index) => index === 0 || comparePaths(paths[index - 1] ?? '', each) < 0)
      const rooted = paths.every((each) => parentOf(each) === '' || paths.includes(parentOf(each)))
      return sorted && rooted
    })
  )
})
