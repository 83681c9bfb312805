import { spawnSync } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { gzipSync } from 'node:zlib'
import { type Test, test } from 'tap'
import { digestOf } from '../../lib/blob/digest.js'
import { run, stage } from '../../lib/graph/index.js'
import { pipe } from '../../lib/graph/pipe.js'
import { OCI_INDEX } from '../../lib/image/media-types.js'
import type { WantedPlatforms } from '../../lib/image/select-platforms.js'
import { type ImageLocation, image, resolveImage } from '../../lib/source/image-source.js'
import { standardInput } from '../../lib/source/standard-input.js'
import type { ImageEnd, LayerSource } from '../../lib/stages/items.js'
import { generate } from '../../lib/streams/generate.js'
import { AMD64, ARM64, imageBlobs, indexBlobs } from '../helpers/image-blobs.js'
import { layoutAround, layoutParts, tarParts, writeParts } from '../helpers/layout-parts.js'
import { needs } from '../helpers/peers.js'
import { noWorkspace } from '../helpers/workspace.js'

/** What a source gave, with the bytes of its layers. */
const readAll = stage<null, LayerSource | ImageEnd, readonly string[]>('read all', () =>
  generate<LayerSource | ImageEnd, readonly string[]>(async function* (items) {
    const seen: string[] = []
    for await (const item of items) {
      if (item.kind === 'image') seen.push(`${item.platform.os}/${item.platform.architecture}`)
      else if (item.kind === 'stored') seen.push(Buffer.concat(await item.layer.blob.open().toArray()).toString())
    }
    yield seen
  })
)

async function contentsOf(location: ImageLocation, platforms: WantedPlatforms = 'all', input?: Buffer) {
  const provide = input ? [standardInput.provide(Readable.from([input], { objectMode: false }))] : []
  const [seen] = await run([pipe(image({ ...location, platforms }), readAll(null))], { provide })
  return seen
}

async function archiveIn(t: Test, bytes: Buffer): Promise<string> {
  const path = join(t.testdir(), 'image.tar')
  await writeFile(path, bytes)
  return path
}

test('a layout gives its layers, lowest first, and the end of the image', async (t) => {
  const path = t.testdir()
  await writeParts(path, await layoutParts(imageBlobs(['one', 'two', 'one'])))
  t.same(await contentsOf({ kind: 'oci', path, name: null }), ['one', 'two', 'one', 'linux/amd64'])
})

test('a part of a layer of a layout can be read', async (t) => {
  const path = t.testdir()
  await writeParts(path, await layoutParts(imageBlobs(['one'])))
  const [resolved] = await resolveImage({ kind: 'oci', path, name: null }, 'all', noWorkspace)
  t.same(await resolved?.layers[0]?.blob.open({ start: 1, end: 3 }).toArray(), [Buffer.from('ne')])
})

test('an index gives an image for each platform, or for those that are chosen', async (t) => {
  const path = t.testdir()
  await writeParts(path, await layoutParts(indexBlobs(['base'], [AMD64, ARM64])))
  const location: ImageLocation = { kind: 'oci', path, name: null }
  t.same(await contentsOf(location), ['base', 'amd64', 'linux/amd64', 'base', 'arm64', 'linux/arm64'])
  t.same(await contentsOf(location, ['linux/arm64/v8']), ['base', 'arm64', 'linux/arm64'])
  await t.rejects(contentsOf(location, ['linux/s390x']), {
    code: 'ERR_INPUT',
    message: /expected linux\/s390x, found linux\/amd64, linux\/arm64/
  })
})

test('variants of an image besides the first were left out without a word', async (t) => {
  const path = t.testdir()
  const blobs = indexBlobs(['base'], [AMD64, { ...ARM64, variant: 'v8' }, { ...AMD64, 'os.features': ['x'] }])
  await writeParts(path, await layoutParts(blobs))
  const notes: string[] = []
  const workspace = { ...noWorkspace, note: (message: string) => void notes.push(message) }
  for (const wanted of ['all', ['linux/arm64'], ['linux/amd64']] as const)
    await resolveImage({ kind: 'oci', path, name: null }, wanted, workspace)
  const note = `oci:${path}: of 2 variants for linux/amd64 the first is read`
  t.same(notes, [note, note])
})

test('attestations of an image were left out without a word', async (t) => {
  const path = t.testdir()
  const parts = await layoutParts(imageBlobs(['one']))
  const [manifest] = JSON.parse(String(parts.get('index.json'))).manifests
  const attestation = {
    mediaType: manifest.mediaType,
    digest: digestOf('provenance'),
    size: 10,
    annotations: {
      'vnd.docker.reference.digest': manifest.digest,
      'vnd.docker.reference.type': 'attestation-manifest'
    },
    platform: { os: 'unknown', architecture: 'unknown' }
  }
  const index = { schemaVersion: 2, manifests: [manifest, attestation] }
  await writeParts(
    path,
    layoutAround(
      index,
      OCI_INDEX,
      [...parts].filter(([name]) => name.startsWith('blobs/'))
    )
  )
  const notes: string[] = []
  const workspace = { ...noWorkspace, note: (message: string) => void notes.push(message) }
  const images = await resolveImage({ kind: 'oci', path, name: null }, 'all', workspace)
  t.equal(images.length, 1)
  t.same(notes, [`oci:${path}: attestations, as of provenance or SBOMs, are left out`])
})

test('an archive gives the same as its layout: plain, compressed and from a pipe', async (t) => {
  const tar = tarParts(await layoutParts(imageBlobs(['one', 'two'])))
  const expected = ['one', 'two', 'linux/amd64']
  for (const kind of ['oci-archive', 'docker-archive'] as const) {
    t.same(await contentsOf({ kind, path: await archiveIn(t, tar), name: null }), expected, kind)
    t.same(await contentsOf({ kind, path: await archiveIn(t, gzipSync(tar)), name: null }), expected, `${kind}, gzip`)
    t.same(await contentsOf({ kind, path: '-', name: null }, 'all', tar), expected, `${kind}, pipe`)
    t.same(await contentsOf({ kind, path: '-', name: null }, 'all', gzipSync(tar)), expected, `${kind}, gzip pipe`)
  }
})

test('an archive may be compressed with zstd', needs('zstd'), async (t) => {
  const tar = tarParts(await layoutParts(imageBlobs(['one', 'two'])))
  const path = await archiveIn(t, spawnSync('zstd', ['-c'], { input: tar }).stdout)
  t.same(await contentsOf({ kind: 'oci-archive', path, name: null }), ['one', 'two', 'linux/amd64'])
})

test('an image is found by its tag, its name, short or full, or its digest', async (t) => {
  const path = t.testdir()
  const blobs = imageBlobs(['one'])
  const parts = await layoutParts(blobs, ['docker.io/library/a:1', 'docker.io/library/b:2'])
  const other = await layoutParts(imageBlobs(['two']), ['docker.io/library/c:3'])
  const both = [parts, other].map((each) => JSON.parse(String(each.get('index.json'))))
  const index = { ...both[0], manifests: both.flatMap(({ manifests }) => manifests) }
  const dockerBoth = [parts, other].flatMap((each) => JSON.parse(String(each.get('manifest.json'))))
  const all = new Map([...parts, ...other, ['index.json', Buffer.from(JSON.stringify(index))] as const])
  all.set('manifest.json', Buffer.from(JSON.stringify(dockerBoth)))
  await writeParts(path, all)
  const archive = await archiveIn(t, tarParts(all))
  await writeParts(path, all)
  for (const name of ['1', 'a:1', 'docker.io/library/a:1', '2', 'b:2']) {
    t.same(await contentsOf({ kind: 'oci', path, name }), ['one', 'linux/amd64'], name)
    t.same(await contentsOf({ kind: 'docker-archive', path: archive, name }), ['one', 'linux/amd64'], name)
  }
  const digest = blobs.at(-1)?.blob.descriptor.digest ?? null
  t.same(await contentsOf({ kind: 'oci', path, name: digest }), ['one', 'linux/amd64'])
  for (const name of [null, 'x']) {
    const message = /found .*a:1, .*b:2, .*c:3/
    await t.rejects(contentsOf({ kind: 'oci', path, name }), { code: 'ERR_INPUT', message })
    await t.rejects(contentsOf({ kind: 'docker-archive', path: archive, name }), { code: 'ERR_INPUT', message })
  }
})

test('a variant that only the index tells is kept', async (t) => {
  const path = t.testdir()
  const blobs = imageBlobs(['one'], { os: 'linux', architecture: 'arm' })
  const parts = await layoutParts(blobs)
  const index = JSON.parse(String(parts.get('index.json')))
  index.manifests[0].platform.variant = 'v6'
  await writeParts(path, parts.set('index.json', Buffer.from(JSON.stringify(index))))
  const [found] = await resolveImage({ kind: 'oci', path, name: null }, ['linux/arm/v6'], noWorkspace)
  t.same(found?.platform, { os: 'linux', architecture: 'arm', variant: 'v6' })
})

test('an archive is not awaited from a terminal', async (t) => {
  const standardInput = () => Object.assign(Readable.from([]), { isTTY: true })
  const reading = resolveImage({ kind: 'oci-archive', path: '-', name: null }, 'all', { ...noWorkspace, standardInput })
  await t.rejects(reading, { code: 'ERR_USAGE', message: /found a terminal/ })
})
