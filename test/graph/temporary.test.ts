import { readdirSync } from 'node:fs'
import { test } from 'tap'
import { ownOwner } from '../../lib/blob/owner.js'
import { createTemporaryDirectory } from '../../lib/graph/temporary.js'

test('two who ask at the same time get two paths', async (t) => {
  const temporary = createTemporaryDirectory(t.testdir())
  const [first, second] = await Promise.all([temporary.fresh(), temporary.fresh()])
  t.not(first, second)
  await temporary.remove()
})

test('what a killed process left in the temporary directory stayed there for ever', async (t) => {
  const [host, , start] = ownOwner().split('-')
  const parent = t.testdir({ [`.layerpipe-${host}-${2 ** 30}-${start}-0123456789ab`]: { 1: 'a large spool' } })
  const temporary = createTemporaryDirectory(parent)
  await temporary.fresh()
  t.equal(readdirSync(parent).length, 1, 'its own alone')
  await temporary.remove()
  t.strictSame(readdirSync(parent), [])
})

test('a temporary directory that can not be made is an error that says what to do, and is not removed either', async (t) => {
  const temporary = createTemporaryDirectory(`${t.testdir({})}/missing`)
  await t.rejects(temporary.fresh(), { code: 'ERR_OUTPUT', message: /write temporary file: .*missing.* set TMPDIR/ })
  await temporary.remove()
})
