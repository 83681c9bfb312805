import { readFileSync } from 'node:fs'
import { test } from 'tap'
import { withReference } from '../lib/cli/reference.js'

test('the commands and exporters of the README are those that are declared', async (t) => {
  const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8')
  for (const mark of ['commands', 'exporters']) t.match(readme, new RegExp(`<!-- ${mark} -->[^]+<!-- /${mark} -->`))
  t.equal(withReference(readme), readme, 'npm run docs brings it up to date')
})
