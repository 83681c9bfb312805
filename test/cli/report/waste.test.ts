import { test } from 'tap'
import { findDuplicates, findWaste } from '../../../lib/cli/report/waste.js'
import { createEntry, type EntryType } from '../../../lib/diff/entry.js'

type Row = readonly [path: string, type: EntryType, size?: number, content?: string]
const image = (...layers: readonly (readonly Row[])[]) => ({
  platform: { os: 'linux', architecture: 'amd64' },
  layers: layers.map((rows) => ({
    createdBy: '',
    entries: rows.map(([path, type, size = 0, content]) => ({
      entry: createEntry({ path, type, size }),
      content: content ?? null
    }))
  }))
})

test('a file that a later layer has again is wasted', async (t) => {
  t.same(findWaste(image([['a', 'file', 10]], [['a', 'file', 4]])), [
    { path: 'a', bytes: 10, layer: 0, why: 'replaced' }
  ])
})

test('a whiteout wastes all that is below it', async (t) => {
  const waste = findWaste(
    image(
      [
        ['d', 'directory'],
        ['d/a', 'file', 1],
        ['d/b', 'file', 2],
        ['dd', 'file', 9]
      ],
      [['d', 'whiteout']]
    )
  )
  t.same(
    waste.map(({ path, why }) => `${path} ${why}`),
    ['d/b deleted', 'd/a deleted']
  )
})

test('an opaque directory hides what lower layers have in it, and nothing of its own layer', async (t) => {
  const waste = findWaste(
    image(
      [['d/a', 'file', 1]],
      [
        ['d', 'directory'],
        ['d/b', 'file', 2],
        ['d', 'opaque']
      ]
    )
  )
  t.same(
    waste.map(({ path }) => path),
    ['d/a']
  )
})

test('what is deleted and made again in one layer is wasted once', async (t) => {
  const waste = findWaste(image([['a', 'file', 5]], [['a', 'whiteout']], [['a', 'file', 5]]))
  t.equal(waste.length, 1)
})

test('equal contents under several paths are found, whatever layer they are in', async (t) => {
  const found = findDuplicates(
    image(
      [
        ['a', 'file', 5, 'x'],
        ['b', 'file', 1, 'y']
      ],
      [
        ['c', 'file', 5, 'x'],
        ['b', 'file', 1, 'y']
      ]
    )
  )
  t.same(found, [{ paths: ['a', 'c'], size: 5 }])
})
