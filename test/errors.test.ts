import { test } from 'tap'
import { InputError } from '../lib/errors.js'

test('a name in a message was obeyed by the terminal that it was shown on', (t) => {
  const { message } = new InputError({ operation: 'read file', subject: 'a\x1b[2Jb', found: 'two\nlines' })
  t.equal(message, 'read file: a\\x1b[2Jb: found two\nlines')
  t.end()
})
