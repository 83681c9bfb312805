import { test } from 'tap'
import { settledIdentity } from '../../lib/diff/settled-identity.js'

const file = { dev: 7n, ino: 9n }

test('a file that changed just now has no identity', (t) => {
  const ctimeNs = 1_000_500_000n
  t.equal(settledIdentity({ ...file, ctimeNs }, 1050), null)
  t.equal(settledIdentity({ ...file, ctimeNs }, 1051), '7:9:1000500000')
  t.end()
})

test('a time without a fraction of a second is given two seconds to settle', (t) => {
  const ctimeNs = 5_000_000_000n
  t.equal(settledIdentity({ ...file, ctimeNs }, 7000), null)
  t.equal(settledIdentity({ ...file, ctimeNs }, 7001), '7:9:5000000000')
  t.end()
})
