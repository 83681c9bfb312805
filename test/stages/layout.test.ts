import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { test } from 'tap'
import type { Blob } from '../../lib/blob/blob.js'
import { digestOf } from '../../lib/blob/digest.js'
import { pipe, run, source } from '../../lib/graph/index.js'
import { blobPath } from '../../lib/image/docker-manifest.js'
import { layoutFiles, rootOf } from '../../lib/image/layout-files.js'
import type { ImageBlob, Receipt } from '../../lib/stages/items.js'
import { type LayoutOptions, layout } from '../../lib/stages/layout.js'
import { flipByte } from '../helpers/flip-byte.js'
import { AMD64, ARM64, imageBlobs, indexBlobs } from '../helpers/image-blobs.js'
import { withTmpfs } from '../helpers/tmpfs.js'

const ONE = 'docker.io/library/one:1'
const TWO = 'docker.io/library/two:2'

async function write(
  blobs: Iterable<ImageBlob> | AsyncIterable<ImageBlob>,
  options: Partial<LayoutOptions> & { destination: string },
  signal?: AbortSignal
): Promise<Receipt> {
  const blobSource = source<null, ImageBlob>('blobs', () => Readable.from(blobs))
  const node = pipe(blobSource(null), layout({ exporter: 'oci', names: [ONE], ...options }))
  const [receipt] = await run([node], signal ? { signal } : {})
  return receipt as Receipt
}

function filesIn(directory: string): readonly string[] {
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.isDirectory())
    .map((entry) => join(entry.parentPath, entry.name).slice(directory.length + 1))
    .sort()
}

function listed(directory: string): readonly (string | undefined)[] {
  const index = JSON.parse(readFileSync(join(directory, 'index.json'), 'utf8'))
  return index.manifests.map(
    (each: { annotations?: Record<string, string> }) => each.annotations?.['io.containerd.image.name']
  )
}

function withBlob(blobs: readonly ImageBlob[], at: number, open: Blob['open']): readonly ImageBlob[] {
  return blobs.map((item, index) => (index === at ? { ...item, blob: { ...item.blob, open } } : item))
}

test('the directory has the very files of the archive, with their modes', async (t) => {
  for (const exporter of ['oci', 'docker'] as const) {
    const destination = join(t.testdir(), 'a/b', exporter)
    const blobs = indexBlobs(['base'], [AMD64, ARM64])
    const receipt = await write(blobs, { destination, exporter, names: [ONE, TWO] })
    const files = layoutFiles(blobs, { names: [ONE, TWO], docker: exporter === 'docker' })
    t.strictSame(
      filesIn(destination),
      files.map(({ path }) => path)
    )
    for (const { path, mode, blob } of files) {
      t.ok(readFileSync(join(destination, path)).equals(await buffer(blob.open())), path)
      t.equal(statSync(join(destination, path)).mode & 0o777, mode, path)
    }
    t.match(receipt, { exporter, destination, names: [ONE, TWO], config: null, skipped: [] })
    t.strictSame(readdirSync(join(destination, '..')), [exporter])
  }
})

test('a layout that is there keeps its other images, and equal blobs are not written again', async (t) => {
  const destination = join(t.testdir(), 'layout')
  await write(imageBlobs(['base', 'one']), { destination, exporter: 'docker' })
  const receipt = await write(imageBlobs(['base', 'two']), { destination, exporter: 'docker', names: [TWO] })
  t.strictSame(listed(destination), [ONE, TWO])
  t.strictSame(receipt.skipped, ['1 blob that was there already'])
  const images = JSON.parse(readFileSync(join(destination, 'manifest.json'), 'utf8'))
  t.strictSame(
    images.map((image: { RepoTags: unknown }) => image.RepoTags),
    [['one:1'], ['two:2']]
  )
  t.strictSame(
    filesIn(destination).filter((path) => !path.startsWith('blobs/')),
    ['index.json', 'manifest.json', 'oci-layout']
  )
})

test('a name that moves takes its place in manifest.json along, whoever writes it', async (t) => {
  const destination = join(t.testdir(), 'layout')
  await write(imageBlobs(['old']), { destination, exporter: 'docker', names: [ONE, TWO] })
  await write(imageBlobs(['new']), { destination, exporter: 'oci', names: [ONE] })
  const images = JSON.parse(readFileSync(join(destination, 'manifest.json'), 'utf8'))
  t.match(images, [{ RepoTags: ['two:2'] }, { RepoTags: ['one:1'], Layers: [blobPath(digestOf('new'))] }])
  t.strictSame(listed(destination), [TWO, ONE])
})

test('a blob of the layout with a flipped byte is healed', async (t) => {
  const destination = join(t.testdir(), 'layout')
  await write(imageBlobs(['base']), { destination })
  const path = join(destination, blobPath(digestOf('base')))
  flipByte(path)
  const receipt = await write(imageBlobs(['base']), { destination })
  t.equal(readFileSync(path, 'utf8'), 'base')
  t.match(receipt.skipped, ['2 blobs that were there already', '1 blob that was damaged and was healed'])
})

test('a failure at any blob leaves nothing where there was nothing, and what was there as it was', async (t) => {
  const failure = new Error('the source broke')
  const broken = () =>
    Readable.from(
      (async function* () {
        yield Buffer.from('b')
        throw failure
      })(),
      { objectMode: false }
    )
  const parent = t.testdir()
  await write(imageBlobs(['kept']), { destination: join(parent, 'present'), names: [TWO] })
  const before = filesIn(join(parent, 'present'))
  const blobs = imageBlobs(['base', 'top'])
  for (const at of blobs.keys()) {
    await t.rejects(write(withBlob(blobs, at, broken), { destination: join(parent, 'absent') }), failure)
    await t.rejects(write(withBlob(blobs, at, broken), { destination: join(parent, 'present') }), failure)
    t.strictSame(readdirSync(parent), ['present'])
    t.strictSame(filesIn(join(parent, 'present')), before)
  }
})

test('a blob that is not what its descriptor says never gets in', async (t) => {
  const parent = t.testdir()
  const lie = () => Readable.from([Buffer.from('lies')], { objectMode: false })
  await t.rejects(write(withBlob(imageBlobs(['base']), 0, lie), { destination: join(parent, 'layout') }), {
    code: 'ERR_INPUT'
  })
  t.strictSame(readdirSync(parent), [])
})

test('an abort leaves nothing', async (t) => {
  const parent = t.testdir()
  const abort = new AbortController()
  const reason = new Error('enough')
  const endless = (): Readable => {
    setTimeout(() => abort.abort(reason), 5)
    return new Readable({ read() {} })
  }
  const blobs = withBlob(imageBlobs(['base', 'top']), 1, endless)
  await t.rejects(write(blobs, { destination: join(parent, 'layout') }, abort.signal), reason)
  t.strictSame(readdirSync(parent), [])
})

test('a destination that is a file, or below one, is refused', async (t) => {
  const parent = t.testdir({ file: 'x' })
  for (const name of ['file', 'file/layout']) {
    await t.rejects(write(imageBlobs(['base']), { destination: join(parent, name) }), { code: 'ERR_OUTPUT' })
  }
  t.equal(readFileSync(join(parent, 'file'), 'utf8'), 'x')
})

test('a full disk is an OutputError and leaves nothing', async (t) => {
  const mounted = await withTmpfs('size=1m', async (directory) => {
    const blobs = imageBlobs(['base', 'x'.repeat(2 ** 21)])
    await t.rejects(write(blobs, { destination: join(directory, 'layout') }), {
      code: 'ERR_OUTPUT',
      message: /no space/
    })
    t.strictSame(readdirSync(directory), [])
  })
  if (!mounted) t.pass('a full disk', { skip: 'mounting is not permitted' })
})

test('a mount point as destination is written into', async (t) => {
  const mounted = await withTmpfs('size=1m', async (destination) => {
    await write(imageBlobs(['base']), { destination })
    t.strictSame(listed(destination), [ONE])
  })
  if (!mounted) t.pass('a mount point', { skip: 'mounting is not permitted' })
})

test('a directory that holds other things keeps them', async (t) => {
  const destination = t.testdir({ 'README.md': 'mine' })
  mkdirSync(join(destination, 'blobs'))
  writeFileSync(join(destination, 'blobs', 'note'), 'mine, too')
  await write(imageBlobs(['base']), { destination })
  t.equal(readFileSync(join(destination, 'blobs', 'note'), 'utf8'), 'mine, too')
  t.ok(existsSync(join(destination, 'README.md')))
  t.strictSame(listed(destination), [ONE])
})

test('skopeo reads the layout by its tag', async (t) => {
  if (spawnSync('skopeo', ['--version']).error) return void t.pass('skopeo', { skip: 'skopeo is not installed' })
  const destination = join(t.testdir(), 'layout')
  const blobs = imageBlobs(['base'])
  await write(blobs, { destination })
  await write(imageBlobs(['other']), { destination, names: [TWO] })
  const raw = execFileSync('skopeo', ['inspect', '--raw', `oci:${destination}:1`])
  t.equal(digestOf(raw), rootOf(blobs).digest)
})
