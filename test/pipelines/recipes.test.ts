import { spawnSync } from 'node:child_process'
import { createReadStream } from 'node:fs'
import { readdir, readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'tap'
import { standardInput } from '../../lib/index.js'
import { compareSettings } from '../../pipelines/recipes/compare-settings.js'
import { exportJudged } from '../../pipelines/recipes/judged.js'
import { exportToThree } from '../../pipelines/recipes/one-pass.js'
import { type Bucket, exportToBucket } from '../../pipelines/recipes/own-sink.js'
import { tarOwnedByRoot } from '../../pipelines/recipes/own-transform.js'
import { readFileOfImage } from '../../pipelines/recipes/read-file.js'
import { rebuild } from '../../pipelines/recipes/rebuild.js'
import { recompress } from '../../pipelines/recipes/recompress.js'
import { exportWithoutTests } from '../../pipelines/recipes/rename-entries.js'
import { pushStandardInput } from '../../pipelines/recipes/stdin-to-registry.js'
import { exportIndex } from '../../pipelines/recipes/two-platforms.js'
import { layerpipe } from '../helpers/command-here.js'
import { inspectSource } from '../helpers/inspect.js'
import { startTestRegistry } from '../helpers/registry.js'

const files = { app: { 'index.js': 'console.log(1)\n', 'index.test.js': 'test', lib: { 'a.js': 'a' } } }

const pathsIn = (image: { layers: { entries: { path: string }[] }[] }): string[] =>
  image.layers.flatMap(({ entries }) => entries.map(({ path }) => path))

test('one directory to three outputs', async (t) => {
  const cwd = t.testdir(files)
  const receipts = await exportToThree(join(cwd, 'app'), cwd)
  t.same(
    receipts.map(({ exporter }) => exporter),
    ['oci', 'docker', 'local']
  )
  t.equal(await readFile(join(cwd, 'rootfs/srv/app/lib/a.js'), 'utf8'), 'a')
  t.match(await inspectSource(`oci-archive:${join(cwd, 'app.oci.tar')}`), [
    { config: { WorkingDir: '/srv/app' }, layers: [{ codec: 'zstd' }] }
  ])
})

test('a tar from standard input to a registry, and from there recompressed under another name', async (t) => {
  const cwd = t.testdir(files)
  spawnSync('tar', ['czf', join(cwd, 'app.tgz'), '-C', join(cwd, 'app'), '.'])
  const host = new URL((await startTestRegistry(t)).url).host
  const provide = [standardInput.provide(createReadStream(join(cwd, 'app.tgz')))]
  const pushed = await pushStandardInput(`${host}/app:1`, { provide })
  t.match(pushed?.descriptor?.digest, /^sha256:/)
  await recompress(`${host}/app:1`, `${host}/app:zstd`)
  const [before] = await inspectSource(`docker://${host}/app:1`)
  const [after] = await inspectSource(`docker://${host}/app:zstd`)
  t.equal(before.layers[0].codec, 'gzip')
  t.equal(after.layers[0].codec, 'zstd')
  t.equal(after.layers[0].diffID, before.layers[0].diffID)
})

test('entries are left out and renamed on the way', async (t) => {
  const cwd = t.testdir(files)
  await exportWithoutTests(join(cwd, 'app'), join(cwd, 'a.tar'))
  const [image] = await inspectSource(`oci-archive:${join(cwd, 'a.tar')}`)
  t.same(pathsIn(image), ['opt/index.js', 'opt/lib', 'opt/lib/a.js'])
})

test("a user's own Transform as a stage", async (t) => {
  const cwd = t.testdir(files)
  await tarOwnedByRoot(join(cwd, 'app'), join(cwd, 'a.tar'))
  const listed = spawnSync('tar', ['tvf', join(cwd, 'a.tar'), '--numeric-owner']).stdout.toString()
  for (const line of listed.trim().split('\n')) t.match(line, / 0\/0 /)
})

test('a sink of one’s own', async (t) => {
  const cwd = t.testdir(files)
  const bucket: Bucket = new Map()
  const receipt = await exportToBucket(join(cwd, 'app'), bucket, 'app')
  const root = bucket.get('app')?.toString() ?? ''
  t.equal(root, receipt?.descriptor?.digest)
  const manifest = JSON.parse(bucket.get(root)?.toString() ?? '{}')
  for (const { digest, size } of [manifest.config, ...manifest.layers]) t.equal(bucket.get(digest)?.length, size)
})

test('two platforms as one index', async (t) => {
  const cwd = t.testdir({ amd64: { bin: 'x' }, arm64: { bin: 'y' } })
  await exportIndex(join(cwd, 'amd64'), join(cwd, 'arm64'), join(cwd, 'a.tar'))
  t.match(await inspectSource(`oci-archive:${join(cwd, 'a.tar')}`), [
    { platform: 'linux/amd64' },
    { platform: 'linux/arm64' }
  ])
})

test('a file of an image is read without unpacking it', async (t) => {
  const cwd = t.testdir({ ...files, next: { 'index.js': 'console.log(2)\n' } })
  await layerpipe(['export', 'dir:app:/srv', 'dir:next:/srv', '-q', '-o', 'type=oci,dest=a.tar'], { cwd })
  t.equal(String(await readFileOfImage(join(cwd, 'a.tar'), 'srv/index.js')), 'console.log(2)\n')
  t.equal(String(await readFileOfImage(join(cwd, 'a.tar'), 'srv/lib/a.js')), 'a')
})

test('settings are compared on what they are for', async (t) => {
  const cwd = t.testdir({ app: { data: 'compressible '.repeat(10_000) } })
  const { results } = await compareSettings(join(cwd, 'app'))
  t.equal(results.length, 3)
})

test('an archive that a rule does not allow never appears', async (t) => {
  const cwd = t.testdir({ good: { srv: { a: 'a' } }, bad: { etc: { a: 'a' } } })
  await exportJudged(join(cwd, 'good'), join(cwd, 'good.tar'))
  await t.rejects(exportJudged(join(cwd, 'bad'), join(cwd, 'bad.tar')), {
    code: 'ERR_POLICY',
    message: 'is not below /srv'
  })
  t.same(await readdir(cwd), ['bad', 'good', 'good.tar'])
})

test('a build in code takes up what the last one with the same store made', async (t) => {
  const cwd = t.testdir({ app: { Dockerfile: 'FROM scratch\nCOPY a b /\n', a: 'a', b: 'b' } })
  await new Promise((resolve) => setTimeout(resolve, 100)) // what is new could change again and look the same
  const build = () => rebuild(join(cwd, 'app'), join(cwd, 'app.tar'), join(cwd, 'store'))
  const first = await build()
  const ino = (await stat(join(cwd, 'app.tar'))).ino
  const second = await build()
  t.equal(second?.descriptor?.digest, first?.descriptor?.digest)
  t.equal((await stat(join(cwd, 'app.tar'))).ino, ino, 'the archive was not written again')
  await writeFile(join(cwd, 'app/a'), 'changed')
  t.not((await build())?.descriptor?.digest, first?.descriptor?.digest)
})
