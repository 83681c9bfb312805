import { test } from 'tap'
import { createEntry } from '../../lib/diff/entry.js'
import { createMergedTree } from '../../lib/diff/merged-tree.js'

test('entries that imply too many directories are refused', (t) => {
  const tree = createMergedTree({ nameLayer: (layer) => `layer ${layer}`, mergeDirectories: true, most: 10 })
  tree.put(createEntry({ path: 'a/b/c', type: 'file' }), 0)
  tree.put(createEntry({ path: 'a/b/d', type: 'file' }), 0)
  const bomb = createEntry({ path: 'a/x/x/x/x/x/x/x/x/x', type: 'file' })
  t.throws(() => tree.put(bomb, 0), {
    code: 'ERR_INPUT',
    message: /layer 0, entry a\/x\/.*: expected at most 10 paths/
  })
  t.end()
})
