import { test } from 'tap'
import { createTemporaryDirectory } from '../../lib/graph/temporary.js'

test('two who ask at the same time get two paths', async (t) => {
  const temporary = createTemporaryDirectory(t.testdir())
  const [first, second] = await Promise.all([temporary.fresh(), temporary.fresh()])
  t.not(first, second)
  await temporary.remove()
})
