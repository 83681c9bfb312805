import { test } from 'tap'
import { giveBack, lend, shareLoan } from '../../lib/streams/loan.js'

test('what is given back is taken back once, however often it is given', (t) => {
  let taken = 0
  const item = lend({}, () => (taken += 1))
  t.equal(taken, 0)
  giveBack(item)
  giveBack(item)
  t.equal(taken, 1)
  t.end()
})

test('what several hold is taken back when the last of them gives it back', (t) => {
  let taken = 0
  const item = lend({}, () => (taken += 1))
  shareLoan(item, 3)
  giveBack(item)
  giveBack(item)
  t.equal(taken, 0)
  giveBack(item)
  t.equal(taken, 1)
  t.end()
})

test('what was never lent can be shared and given back', (t) => {
  const item = {}
  shareLoan(item, 2)
  giveBack(item)
  t.pass()
  t.end()
})
