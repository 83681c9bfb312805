import { existsSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'tap'
import { layerpipe } from '../helpers/command.js'

test('compiled code is kept in the cache directory of the user', async (t) => {
  const cwd = t.testdir({})
  const ran = await layerpipe(['--version'], { cwd, env: { NODE_DISABLE_COMPILE_CACHE: '0' } })
  t.equal(ran.code, 0, ran.stderr)
  t.ok(existsSync(join(cwd, '.cache/layerpipe/compiled')))
})

test('without a place to keep compiled code the program runs as it would with one', async (t) => {
  const cwd = t.testdir({ file: '' })
  mkdirSync(join(cwd, 'home'), { mode: 0o500 })
  for (const env of [{ XDG_CACHE_HOME: join(cwd, 'file') }, { XDG_CACHE_HOME: '', HOME: join(cwd, 'home') }]) {
    const ran = await layerpipe(['--version'], { cwd, env: { NODE_DISABLE_COMPILE_CACHE: '0', ...env } })
    t.match(ran, { code: 0, stderr: '' })
    t.match(ran.stdout.toString(), /^\d+\.\d+\.\d+\n$/)
  }
})

test('no compiled code is kept where Node is told not to', async (t) => {
  const cwd = t.testdir({})
  t.match(await layerpipe(['--version'], { cwd, env: { NODE_DISABLE_COMPILE_CACHE: '1' } }), { code: 0 })
  t.notOk(existsSync(join(cwd, '.cache')))
})
