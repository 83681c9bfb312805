import { test } from 'tap'
import { readPlatforms } from '../../lib/cli/platforms.js'
import { formatPlatform, localPlatform } from '../../lib/image/platform.js'

test('platforms are named once, in one spelling, and local is that of the machine', (t) => {
  t.same(readPlatforms(['linux/x86_64, linux/arm64/v8', 'linux/amd64']), ['linux/amd64', 'linux/arm64'])
  t.same(readPlatforms(['local']), [formatPlatform(localPlatform())])
  t.same(readPlatforms([]), [])
  t.end()
})
