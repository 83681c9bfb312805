import { test } from 'tap'
import { digestOf } from '../../lib/blob/digest.js'
import type { History } from '../../lib/image/config.js'
import { splitHistory } from '../../lib/image/history.js'

function split(layers: number, history: readonly History[] | undefined) {
  const diff_ids = Array.from({ length: layers }, (_, index) => digestOf(String(index)))
  return splitHistory({
    os: 'linux',
    architecture: 'amd64',
    created: 'then',
    rootfs: { type: 'layers', diff_ids },
    ...(history && { history })
  })
}

const [a, b, c] = ['a', 'b', 'c'].map((comment) => ({ comment }))
const [x, y, z] = ['x', 'y', 'z'].map((comment) => ({ comment, empty_layer: true }))

test('each layer gets its entry behind those of the empty layers before it', (t) => {
  t.same(split(2, [x, a, y, z, b, x] as History[]), {
    layers: [
      [x, a],
      [y, z, b]
    ],
    trailing: [x]
  })
  t.same(split(0, [x, y] as History[]), { layers: [], trailing: [x, y] })
  t.end()
})

test('a history that does not fit the layers is made to fit', (t) => {
  t.same(split(2, undefined), { layers: [[{ created: 'then' }], [{ created: 'then' }]], trailing: [] })
  t.same(split(2, [a, x] as History[]), { layers: [[a], [x, { created: 'then' }]], trailing: [] })
  t.same(split(1, [a, b, c] as History[]), {
    layers: [[a]],
    trailing: [
      { ...b, empty_layer: true },
      { ...c, empty_layer: true }
    ]
  })
  t.end()
})
