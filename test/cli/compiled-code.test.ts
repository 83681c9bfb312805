import { existsSync, mkdirSync } from 'node:fs'
import * as nodeModule from 'node:module'
import { join } from 'node:path'
import { test } from 'tap'
import { layerpipe } from '../helpers/command.js'

test('compiled code is kept in the cache directory of the user where Node can do that', async (t) => {
  const cwd = t.testdir({})
  const ran = await layerpipe(['--version'], { cwd })
  t.equal(ran.code, 0, ran.stderr)
  t.equal(existsSync(join(cwd, '.cache/layerpipe/compiled')), 'enableCompileCache' in nodeModule)
})

test('without a place to keep compiled code the program runs as it would with one', async (t) => {
  const cwd = t.testdir({ file: '' })
  mkdirSync(join(cwd, 'home'), { mode: 0o500 })
  for (const env of [{ XDG_CACHE_HOME: join(cwd, 'file') }, { XDG_CACHE_HOME: '', HOME: join(cwd, 'home') }]) {
    const ran = await layerpipe(['--version'], { cwd, env })
    t.match(ran, { code: 0, stderr: '' })
    t.match(ran.stdout.toString(), /^\d+\.\d+\.\d+\n$/)
  }
})
