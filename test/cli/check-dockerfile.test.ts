import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'tap'
import { layerpipe } from '../helpers/command.js'

test('--check tells what is questionable and builds nothing', async (t) => {
  const cwd = t.testdir({ good: 'FROM scratch\n', bad: 'FROM scratch AS Base\n', wrong: 'FROM scratch\nCOPPY a b\n' })
  const check = (...words: readonly string[]) => layerpipe(['build', ...words, '.', '-o', 'out'], { cwd })
  const good = await check('--check', '-f', 'good')
  t.same([good.code, good.stdout.toString()], [0, 'Check complete, no warnings found.\n'])
  const bad = await check('--call=check', '-f', 'bad')
  t.equal(bad.code, 1)
  t.match(
    bad.stdout.toString(),
    /^WARNING: StageNameCasing: .*\nbad:1\n {2}1 \| FROM scratch AS Base\n {4}\| {17}\^\^\^\^\n$/
  )
  t.match(bad.stderr, /expected no warnings, found 1: StageNameCasing/)
  t.match((await check('--check', '-f', 'wrong')).stderr, /Did you mean COPY\?/)
  t.match((await check('--check', '-f', 'good', '--target', 'none')).stderr, /--target: expected one of 0, found none/)
  t.notOk(existsSync(join(cwd, 'out')))
})

test('a Dockerfile that wants no build with what is questionable in it gets none', async (t) => {
  const text = 'FROM scratch AS Base\nCOPY fatal /\n'
  const cwd = t.testdir({ fatal: `# check=error=true\n${text}`, skipped: `# check=skip=all;error=true\n${text}` })
  const build = (file: string) => layerpipe(['build', '-f', file, '-o', 'out', '.'], { cwd })
  t.match(await build('fatal'), { code: 1, stderr: /found 1: StageNameCasing\. See them with --check/ })
  t.notOk(existsSync(join(cwd, 'out')))
  t.match(await build('skipped'), { code: 0 })
})
