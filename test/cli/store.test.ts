import { readdir, readFile, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'tap'
import { digestOf, hexOf } from '../../lib/blob/digest.js'
import { OCI_MANIFEST } from '../../lib/image/media-types.js'
import { layerpipe } from '../helpers/command-here.js'

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

test('a damaged blob that was pushed to the registry beside the images fails the verification, too', async (t) => {
  const cwd = t.testdir({ registry: { blobs: { sha256: { [hexOf(digestOf('a'))]: 'b' } } } })
  const ran = await layerpipe(['store', 'verify', '--store', '.'], { cwd })
  t.equal(ran.code, 1)
  t.match(ran.stdout.toString(), `1 blob checked, 1B\ndamaged ${digestOf('a')}\n`)
})

test('one entry that is no image, or no whole one, kept all others from being listed', async (t) => {
  const cwd = t.testdir({ app: { a: 'a' } })
  await layerpipe(['export', 'app', '-q', '-o', 'type=image,name=foo', '--store', 'images'], { cwd })
  const bytes = Buffer.from('{"x":1}')
  await writeFile(join(cwd, 'images/blobs', digestOf(bytes).replace(':', '/')), bytes)
  const path = join(cwd, 'images/index.json')
  const index = JSON.parse(await readFile(path, 'utf8'))
  const listed = { digest: digestOf(bytes), size: bytes.length }
  const foreign = { ...listed, mediaType: 'application/octet-stream' }
  const damaged = { ...listed, mediaType: OCI_MANIFEST, annotations: { 'io.containerd.image.name': 'wrong' } }
  await writeFile(path, JSON.stringify({ ...index, manifests: [...index.manifests, foreign, damaged] }))
  const ran = await layerpipe(['store', 'ls', '--store', 'images'], { cwd })
  t.equal(ran.code, 0, ran.stderr)
  const lines = ran.stdout.toString().split('\n').toSorted()
  t.match(lines, ['', /^- +\S+ +7B {2}application\/octet-stream$/, /foo:latest +\S+ +\d+B$/, /^wrong .* damaged$/])
})
