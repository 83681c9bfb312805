import { test } from 'tap'
import { cacheDirectory } from '../lib/cache-directory.js'

test('what is kept between runs is in the cache directory of the user', (t) => {
  t.equal(cacheDirectory('store', { XDG_CACHE_HOME: '/c' }), '/c/layerpipe/store')
  t.match(cacheDirectory('store', { XDG_CACHE_HOME: 'relative' }), /^\/.*\/layerpipe\/store$/)
  t.end()
})
