import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { PassThrough, Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { test } from 'tap'
import type { Blob } from '../../lib/blob/blob.js'
import { digestOf } from '../../lib/blob/digest.js'
import { InputError, UsageError } from '../../lib/errors.js'
import { pipe, run, source } from '../../lib/graph/index.js'
import { localPlatform } from '../../lib/image/platform.js'
import { type ArchiveOptions, archive } from '../../lib/stages/archive.js'
import type { ImageBlob, Receipt } from '../../lib/stages/items.js'
import { standardOutput } from '../../lib/stages/standard-output.js'
import { imageBlobs, indexBlobs } from '../helpers/image-blobs.js'
import { layerTar, sampleEntries } from '../helpers/layer-tar.js'

const name = 'docker.io/library/app:1'
const layer = (await layerTar(sampleEntries)).toString('latin1')

async function write(
  blobs: readonly ImageBlob[],
  options: Partial<ArchiveOptions> & { destination: string },
  stdout?: PassThrough
): Promise<Receipt> {
  const blobSource = source<null, ImageBlob>('blobs', () => Readable.from(blobs))
  const node = pipe(blobSource(null), archive({ exporter: 'oci', names: [name], ...options }))
  const [receipt] = await run([node], stdout ? { provide: [standardOutput.provide(stdout)] } : {})
  return receipt as Receipt
}

const isInstalled = (tool: string): boolean => spawnSync(tool, ['--version']).error === undefined

test('an oci archive holds the layout, and the receipt says what it is', async (t) => {
  const destination = join(t.testdir(), 'parent', 'app.tar')
  const blobs = imageBlobs([layer])
  const receipt = await write(blobs, { destination })
  const root = blobs.at(-1)?.blob.descriptor
  t.match(receipt, { exporter: 'oci', destination, names: [name], bytes: readFileSync(destination).length })
  t.same(receipt.descriptor, root)
  t.match(receipt.config, { mediaType: 'application/vnd.oci.image.config.v1+json' })
  const listed = execFileSync('tar', ['-tf', destination], { encoding: 'utf8' }).trim().split('\n')
  t.equal(listed.length, 7)
  t.same(listed, [...listed].sort())
  t.notOk(listed.includes('manifest.json'))
  t.same(readdirSync(join(destination, '..')), ['app.tar'])
})

test('the file and standard output get the same bytes', async (t) => {
  const destination = join(t.testdir(), 'app.tar')
  const blobs = imageBlobs([layer, 'second'])
  await write(blobs, { destination, exporter: 'docker' })
  const stdout = new PassThrough()
  const piped = buffer(stdout)
  await write(blobs, { destination: '-', exporter: 'docker' }, stdout)
  t.notOk(stdout.writableEnded, 'standard output stays open')
  stdout.end()
  t.ok(readFileSync(destination).equals(await piped))
})

test('skopeo reads and copies oci and docker archives', {
  skip: !isInstalled('skopeo') && 'skopeo is not installed'
}, async (t) => {
  const directory = t.testdir()
  const blobs = imageBlobs([layer])
  for (const [exporter, transport] of [
    ['oci', 'oci-archive'],
    ['docker', 'docker-archive'],
    ['docker', 'oci-archive']
  ] as const) {
    const destination = join(directory, `${exporter}.tar`)
    await write(blobs, { destination, exporter })
    const inspected = JSON.parse(
      execFileSync('skopeo', ['inspect', `${transport}:${destination}`], { encoding: 'utf8' })
    )
    t.equal(inspected.Layers.length, 1, `${exporter} as ${transport}`)
    const copy = [
      'copy',
      '-q',
      '--insecure-policy',
      `${transport}:${destination}`,
      `oci:${directory}/copy-${transport}:1`
    ]
    const copied = spawnSync('skopeo', copy, { encoding: 'utf8' })
    t.equal(copied.stderr, '')
  }
})

test('umoci unpacks an oci archive into the tree', {
  skip: !isInstalled('umoci') && 'umoci is not installed'
}, async (t) => {
  const directory = t.testdir()
  const destination = join(directory, 'app.tar')
  await write(imageBlobs([layer]), { destination })
  mkdirSync(join(directory, 'layout'))
  execFileSync('tar', ['-xf', destination, '-C', join(directory, 'layout')])
  const rootless = process.geteuid?.() === 0 ? [] : ['--rootless']
  execFileSync('umoci', ['unpack', ...rootless, '--image', `${directory}/layout:1`, `${directory}/bundle`])
  t.equal(readFileSync(join(directory, 'bundle/rootfs/bin/tool'), 'utf8'), '#!/bin/sh\n')
})

test('several platforms are an index, and for docker the image of this machine', async (t) => {
  const destination = join(t.testdir(), 'app.tar')
  const foreign = { os: 'plan9', architecture: 'mips' }
  const blobs = indexBlobs([layer], [foreign, localPlatform()])
  const receipt = await write(blobs, { destination, exporter: 'docker' })
  t.match(receipt.descriptor, { mediaType: 'application/vnd.oci.image.index.v1+json' })
  t.equal(receipt.config, null)
  const read = (path: string): string => execFileSync('tar', ['-xOf', destination, path], { encoding: 'utf8' })
  t.equal(JSON.parse(read('index.json')).manifests.length, 1)
  const [image, ...others] = JSON.parse(read('manifest.json'))
  t.same(others, [])
  t.equal(JSON.parse(read(image.Config)).architecture, localPlatform().architecture)
  t.same(image.RepoTags, ['app:1'])
})

test('a blob that fails leaves the file that was there, and no other', async (t) => {
  const directory = t.testdir({ 'app.tar': 'precious' })
  const broken: Blob = {
    descriptor: { mediaType: 'text/plain', digest: digestOf('x'), size: 10 },
    open: () => Readable.from(['abc'], { objectMode: false })
  }
  const blobs: ImageBlob[] = [{ kind: 'blob', role: 'layer', blob: broken, root: false }, ...imageBlobs([layer])]
  await t.rejects(write(blobs, { destination: join(directory, 'app.tar') }))
  t.same(readdirSync(directory), ['app.tar'])
  t.equal(readFileSync(join(directory, 'app.tar'), 'utf8'), 'precious')
  const stdout = new PassThrough()
  const piped = buffer(stdout)
  await t.rejects(write(blobs, { destination: '-' }, stdout))
  stdout.end()
  t.notOk((await piped).subarray(-1024).equals(Buffer.alloc(1024)), 'a pipe ends without the end blocks')
})

test('a terminal is refused before anything is read', async (t) => {
  const terminal = Object.assign(new PassThrough(), { isTTY: true })
  await t.rejects(write(imageBlobs([layer]), { destination: '-' }, terminal), {
    constructor: UsageError,
    message: 'dest file is required for oci exporter. refusing to write to console'
  })
  t.equal(terminal.readableLength, 0)
})

test('no image at all is an error, and nothing is written', async (t) => {
  const destination = join(t.testdir(), 'app.tar')
  await t.rejects(write([], { destination }), InputError)
  t.notOk(existsSync(destination))
})

test('a directory as destination is an error before anything is written', async (t) => {
  const directory = t.testdir({ taken: {} })
  await t.rejects(write(imageBlobs([layer]), { destination: join(directory, 'taken') }), { code: 'ERR_OUTPUT' })
  t.same(readdirSync(directory), ['taken'])
})

const noDocker = spawnSync('docker', ['version']).status !== 0 && 'no docker daemon is running'

test('dockerd loads a docker archive', { skip: noDocker }, async (t) => {
  const destination = join(t.testdir(), 'app.tar')
  await write(imageBlobs([layer]), { destination, exporter: 'docker', names: ['docker.io/library/layerpipe-test:1'] })
  const loaded = execFileSync('docker', ['load', '-i', destination], { encoding: 'utf8' })
  t.match(loaded, /layerpipe-test:1/)
  execFileSync('docker', ['rmi', 'layerpipe-test:1'])
})

test('an aborted archive has left nothing by the time that the run ends', async (t) => {
  const directory = t.testdir()
  const abort = new AbortController()
  const reason = new Error('enough')
  const endless = (): Readable => {
    setTimeout(() => abort.abort(reason), 20)
    return new Readable({ read() {} })
  }
  const blobs = imageBlobs(['a', 'b']).map((item, at) =>
    at === 1 ? { ...item, blob: { ...item.blob, open: endless } } : item
  )
  const blobSource = source<null, ImageBlob>('blobs', () => Readable.from(blobs))
  const node = pipe(blobSource(null), archive({ exporter: 'oci', destination: join(directory, 'app.tar'), names: [] }))
  await t.rejects(run([node], { signal: abort.signal }), reason)
  t.same(readdirSync(directory), [])
})
