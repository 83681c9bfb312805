import { test } from 'tap'
import { createEntry } from '../../lib/diff/entry.js'
import { createDuplicateCheck } from '../../lib/tar/duplicates.js'
import { Malformed } from '../../lib/tar/malformed.js'

test('more entries than any image has are refused', (t) => {
  const check = createDuplicateCheck(3)
  for (const path of ['a', 'b', 'c', 'a']) check(createEntry({ path, type: 'directory' }))
  t.throws(() => check(createEntry({ path: 'd', type: 'file' })), /more/)
  t.end()
})

const TOO_LONG = { expected: 'at most 6400 bytes of paths', found: 'more', advice: 'split it into several layers' }

test('few entries whose paths fill the memory are refused', (t) => {
  const check = createDuplicateCheck(100)
  const path = (name: string): string => `${'d/'.repeat(1500)}${name}`
  for (const name of ['a', 'b']) check(createEntry({ path: path(name), type: 'file' }))
  t.throws(() => check(createEntry({ path: path('c'), type: 'file' })), new Malformed(TOO_LONG))
  t.end()
})
