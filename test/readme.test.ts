import { readFileSync } from 'node:fs'
import { test } from 'tap'
import { commands } from '../lib/cli/commands.js'
import { withExporters } from '../lib/cli/reference.js'

const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8')

test('the exporters of the README are those that are declared', async (t) => {
  t.match(readme, /<!-- exporters -->[\s\S]+<!-- \/exporters -->/)
  t.equal(withExporters(readme), readme, 'npm run docs brings it up to date')
})

test('the README names every command', async (t) => {
  for (const { name } of commands) t.ok(readme.includes(`layerpipe ${name}`), name)
})
