import { spawnSync } from 'node:child_process'
import { chmodSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'tap'
import { cacheDirectory } from '../lib/cache-directory.js'
import { MAIN } from './helpers/command.js'

test('what is kept between runs is in the cache directory of the user', (t) => {
  t.equal(cacheDirectory('store', { XDG_CACHE_HOME: '/c' }), '/c/layerpipe/store')
  t.match(cacheDirectory('store', { XDG_CACHE_HOME: 'relative' }), /^\/.*\/layerpipe\/store$/)
  t.end()
})

test('an empty HOME put the cache into the working directory', (t) => {
  const { HOME } = process.env
  process.env.HOME = ''
  t.teardown(() => {
    process.env.HOME = HOME
  })
  t.match(cacheDirectory('store', {}), /^\/.*layerpipe\/store$/)
  t.end()
})

const notRoot = process.getuid?.() !== 0 && 'only root can be another user'

test('a user whom the system does not know could export nothing', { skip: notRoot }, async (t) => {
  const cwd = t.testdir({ app: { file: 'text' }, out: {} })
  const UNKNOWN = 1_234_567
  for (const path of [cwd, join(cwd, 'out')]) chmodSync(path, 0o777)
  const words = [MAIN, 'export', join(cwd, 'app'), '-q', '-o', `type=tar,dest=${cwd}/out/a.tar`]
  const options = { cwd: '/', uid: UNKNOWN, gid: UNKNOWN, env: { TMPDIR: cwd } }
  const { status, stderr } = spawnSync(process.execPath, words, { ...options, encoding: 'utf8' })
  t.equal(status, 0, stderr)
})
