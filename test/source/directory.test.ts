import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'tap'
import { run } from '../../lib/graph/index.js'
import { directory } from '../../lib/source/directory.js'
import { imageOf } from '../../lib/source/image-of.js'
import { optionsOf } from '../../pipelines/options/defaults.js'
import { tar } from '../../pipelines/tar.js'

const request = { platforms: ['linux/amd64'], changes: [], labels: {}, diff: false }

test('a target with slashes around it gave paths with two slashes', async (t) => {
  const root = t.testdir({ files: { file: 'text' } })
  const destination = join(root, 'root.tar')
  const image = imageOf([directory({ path: join(root, 'files'), target: '/srv//app/' })], request)
  await run([tar(image, optionsOf('tar', { destination }))])
  const names = readFileSync(destination, 'latin1').match(/srv[^\0]*/g)
  t.same(names, ['srv/', 'srv/app/', 'srv/app/file'])
})

test('a target outside of the root became the path of a layer', (t) => {
  const message = /read directory: \/app: expected a target below the root, found \.\.\/srv/
  t.throws(() => directory({ path: '/app', target: '../srv' }), { code: 'ERR_USAGE', message })
  t.equal(directory({ path: '/app', target: '/srv/' }).key, directory({ path: '/app', target: 'srv' }).key)
  t.end()
})
