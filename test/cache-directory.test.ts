import { test } from 'tap'
import { cacheDirectory } from '../lib/cache-directory.js'

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

test('a user whom the system does not know could export nothing', { skip: notRoot }, (t) => {
  const { HOME } = process.env
  const UNKNOWN = 1_234_567
  delete process.env.HOME
  process.seteuid?.(UNKNOWN)
  try {
    t.equal(cacheDirectory('store', {}), '/.cache/layerpipe/store')
  } finally {
    process.seteuid?.(0)
    process.env.HOME = HOME
  }
  t.end()
})
