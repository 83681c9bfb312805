import fc from 'fast-check'
import { test } from 'tap'
import { largestFolders } from '../../../lib/cli/report/folders.js'
import { squarify } from '../../../lib/cli/report/treemap.js'
import { createEntry } from '../../../lib/diff/entry.js'

const area = { x: 0, y: 0, width: 400, height: 100 }
const fileOf = (path: string, size: number) => createEntry({ path, type: 'file', size })

test('tiles fill the area as their sizes say, and none lies over another', async () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 1e9 }), { minLength: 1, maxLength: 60 }), (sizes) => {
      const total = sizes.reduce((sum, size) => sum + size, 0)
      const tiles = squarify(
        sizes.map((size) => ({ size })),
        area
      )
      if (tiles.length !== sizes.length) return false
      const fits = tiles.every(({ item, x, y, width, height }) => {
        const right = Math.abs(width * height - (item.size / total) * 40_000) < 0.01
        return right && x > -0.01 && y > -0.01 && x + width < 400.01 && y + height < 100.01
      })
      const covered = tiles.some((a, index) =>
        tiles.slice(index + 1).some((b) => {
          const apart = a.x + a.width <= b.x + 0.01 || b.x + b.width <= a.x + 0.01
          return !apart && a.y + a.height > b.y + 0.01 && b.y + b.height > a.y + 0.01
        })
      )
      return fits && !covered
    })
  )
})

test('nothing, and what has no size, has no tile', async (t) => {
  t.same(squarify([], area), [])
  t.same(squarify([{ size: 0 }], area), [])
})

test('large directories are opened, and small ones stand for what is in them', async (t) => {
  const entries = [fileOf('a/b/1', 50), fileOf('a/b/2', 40), fileOf('c/3', 5), fileOf('c/4', 4)]
  const paths = (most: number) => largestFolders(entries, most).map(({ path, size }) => `${path} ${size}`)
  t.same(paths(10).sort(), ['a/b/1 50', 'a/b/2 40', 'c/3 5', 'c/4 4'])
  t.same(paths(3).sort(), ['a/b/1 50', 'a/b/2 40', 'c 9'])
  t.same(paths(1), [' 99'])
  t.match(largestFolders(entries, 1), [{ files: 4 }])
})

test('a name that is the start of another is another directory', async (t) => {
  const entries = [fileOf('usr/lib/x', 1), fileOf('usr/lib64/y', 2)]
  t.same(
    largestFolders(entries, 9)
      .map(({ path }) => path)
      .sort(),
    ['usr/lib/x', 'usr/lib64/y']
  )
})
