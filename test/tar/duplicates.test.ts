import { test } from 'tap'
import { createEntry } from '../../lib/diff/entry.js'
import { createDuplicateCheck } from '../../lib/tar/duplicates.js'

test('more entries than any image has are refused', (t) => {
  const check = createDuplicateCheck(3)
  for (const path of ['a', 'b', 'c', 'a']) check(createEntry({ path, type: 'directory' }))
  t.throws(() => check(createEntry({ path: 'd', type: 'file' })), /more/)
  t.end()
})
