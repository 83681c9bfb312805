import { readdir, truncate } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'tap'
import { layerpipe } from '../helpers/command.js'

test('images go into the store, are listed, verified, removed and collected', async (t) => {
  const cwd = t.testdir({ app: { a: 'a' } })
  const store = (...words: readonly string[]) => layerpipe(['store', ...words, '--store', 'images'], { cwd })
  const kept = await layerpipe(['export', 'app', '-q', '-o', 'type=image,name=foo', '--store', 'images'], { cwd })
  t.equal(kept.code, 0, kept.stderr)
  t.match((await store('ls')).stdout.toString(), /^docker\.io\/library\/foo:latest +sha256:[0-9a-f]{64} +\d+B\n$/)
  const [image] = JSON.parse((await store('ls', '--json')).stdout.toString())
  t.match(image, { name: 'docker.io/library/foo:latest', digest: /^sha256:/, size: Number })
  t.match((await store('verify')).stdout.toString(), /^3 blobs checked, /)
  t.match((await store('gc')).stdout.toString(), /^0 blobs removed, 0B; 3 kept\n$/)
  t.equal((await store('rm', 'foo')).stdout.toString(), 'docker.io/library/foo:latest\n')
  t.match((await store('gc')).stdout.toString(), /^3 blobs removed, /)
  t.equal((await store('ls')).stdout.length, 0)
})

test('a name that is not there is a failure that says so', async (t) => {
  const ran = await layerpipe(['store', 'rm', 'foo', '--store', 'images'], { cwd: t.testdir() })
  t.equal(ran.code, 1)
  t.match(ran.stderr, /^layerpipe: remove from store: docker\.io\/library\/foo:latest: /)
})

test('a damaged blob fails the verification', async (t) => {
  const cwd = t.testdir({ app: { a: 'a' } })
  await layerpipe(['export', 'app', '-q', '-o', 'type=image,name=foo', '--store', 'images'], { cwd })
  const blobs = join(cwd, 'images', 'blobs', 'sha256')
  const [first = ''] = await readdir(blobs)
  await truncate(join(blobs, first), 1)
  const ran = await layerpipe(['store', 'verify', '--store', 'images'], { cwd })
  t.equal(ran.code, 1)
  t.match(ran.stdout.toString(), new RegExp(`damaged sha256:${first}`))
  t.match(ran.stderr, /^layerpipe: verify store: /)
})
