import { test } from 'tap'
import { createPace } from '../../lib/registry/pace.js'

const MEBIBYTE = 2 ** 20

test('a registry that is fast is sent what goes in ten seconds, one that is slow never less than at first', async (t) => {
  const pace = createPace()
  t.same([pace.first, pace.next], [64 * MEBIBYTE, 64 * MEBIBYTE])
  pace.took(64 * MEBIBYTE, 1000)
  t.equal(pace.next, 640 * MEBIBYTE)
  pace.took(640 * MEBIBYTE, 100_000)
  t.equal(pace.next, 64 * MEBIBYTE)
})

test('after a request that broke, lengths do not grow any more', async (t) => {
  const pace = createPace()
  pace.took(64 * MEBIBYTE, 1000)
  t.equal(pace.slowDown(), true)
  pace.took(64 * MEBIBYTE, 1000)
  t.equal(pace.next, 64 * MEBIBYTE)
  t.equal(pace.slowDown(), false)
})

test('a length that is given stays', async (t) => {
  const pace = createPace(1000)
  pace.took(1000, 1)
  t.same([pace.first, pace.next], [1000, 1000])
})
