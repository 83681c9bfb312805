import { randomBytes } from 'node:crypto'
import { readdir, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { gzipSync } from 'node:zlib'
import { type Test, test } from 'tap'
import type { Descriptor } from '../../lib/blob/descriptor.js'
import { digestOf } from '../../lib/blob/digest.js'
import { run } from '../../lib/graph/index.js'
import { blobPath } from '../../lib/image/docker-manifest.js'
import { OCI_CONFIG, OCI_INDEX, OCI_LAYER, OCI_MANIFEST } from '../../lib/image/media-types.js'
import { type ImageLocation, image, resolveImage } from '../../lib/source/image-source.js'
import { imageBlobs } from '../helpers/image-blobs.js'
import { type LayoutParts, layoutAround, layoutParts, tarParts, writeParts } from '../helpers/layout-parts.js'
import { member, tarOf } from '../helpers/tars.js'
import { noWorkspace } from '../helpers/workspace.js'

const LAYER = digestOf('one')

/** Reads everything of an image, its layers too. */
async function readAll(location: ImageLocation): Promise<void> {
  const images = await resolveImage(location, 'all', noWorkspace)
  for (const { layers } of images) for (const { blob } of layers) await blob.open().toArray()
}

/** A good layout, spoilt. */
async function spoilt(spoil: (parts: LayoutParts) => void): Promise<LayoutParts> {
  const parts = await layoutParts(imageBlobs(['one', 'two']))
  spoil(parts)
  return parts
}

/** Reading `parts` as a layout and as an archive fails with a message that names the source. */
async function refuses(t: Test, parts: LayoutParts, message: RegExp): Promise<void> {
  const directory = t.testdir({ layout: {} })
  await writeParts(join(directory, 'layout'), parts)
  await writeFile(join(directory, 'a.tar'), tarParts(parts))
  for (const [kind, path] of [['oci', 'layout'] as const, ['oci-archive', 'a.tar'] as const]) {
    const reading = readAll({ kind, path: join(directory, path), name: null })
    await t.rejects(reading, { code: 'ERR_INPUT', message }, `${kind}: what is said`)
    await t.rejects(reading, new RegExp(`${kind}:.*${path}`), `${kind}: the source is named`)
  }
}

/** Reading this archive fails. */
async function refusesArchive(
  t: Test,
  bytes: Buffer,
  message: RegExp,
  kind: 'oci-archive' | 'docker-archive' = 'oci-archive'
): Promise<void> {
  const path = join(t.testdir(), 'a.tar')
  await writeFile(path, bytes)
  await t.rejects(run([image({ kind, path, name: null, platforms: 'all' })]), { code: 'ERR_INPUT', message })
}

test('a layer with a flipped byte is found while it is read', async (t) => {
  await refuses(
    t,
    await spoilt((parts) => parts.set(blobPath(LAYER), Buffer.from('onE'))),
    new RegExp(`expected ${LAYER}`)
  )
})

test('a layer that is longer or shorter is found at once', async (t) => {
  await refuses(
    t,
    await spoilt((parts) => parts.set(blobPath(LAYER), Buffer.from('ones'))),
    /expected 3 bytes, found 4/
  )
  await refuses(t, await spoilt((parts) => parts.set(blobPath(LAYER), Buffer.from('on'))), /expected 3 bytes, found 2/)
})

test('a missing layer is named', async (t) => {
  await refuses(t, await spoilt((parts) => parts.delete(blobPath(LAYER))), new RegExp(`expected ${blobPath(LAYER)}`))
})

test('a config with a flipped byte is found', async (t) => {
  const path = blobPath(imageBlobs(['one', 'two']).at(-2)?.blob.descriptor.digest ?? LAYER)
  const flip = (parts: LayoutParts): void => {
    parts.set(path, Buffer.from(String(parts.get(path)).replace('linux', 'linuX')))
  }
  await refuses(t, await spoilt(flip), /expected sha256:\w+, found sha256:/)
})

test('a layout without its marker, its index or an image in it is refused', async (t) => {
  await refuses(
    t,
    await spoilt((parts) => parts.delete('oci-layout')),
    /found an archive of docker save. Write docker-archive:/
  )
  await refuses(t, await spoilt((parts) => parts.delete('index.json')), /expected index\.json, found nothing there/)
  const empty = Buffer.from('{"schemaVersion":2,"manifests":[]}')
  await refuses(t, await spoilt((parts) => parts.set('index.json', empty)), /expected one image/)
})

test('an index.json over 4 MiB is refused before it is read', async (t) => {
  await refuses(
    t,
    await spoilt((parts) => parts.set('index.json', Buffer.alloc(4 * 2 ** 20 + 1, ' '))),
    /at most 4194304/
  )
})

test('an index that leads back to itself ends', async (t) => {
  // No digest can be true in a cycle, so it is found by its digest; what matters is that the search ends.
  const loop = { mediaType: OCI_INDEX, digest: LAYER, size: 3 }
  const parts = layoutAround({ schemaVersion: 2, manifests: [loop, loop] }, OCI_INDEX, [
    [blobPath(LAYER), Buffer.from('one')]
  ])
  await refuses(t, parts, /expected JSON/)
})

test('indexes within indexes end at a depth that nobody needs', async (t) => {
  const blobs: [string, Buffer][] = []
  let inner: unknown = { schemaVersion: 2, manifests: [] }
  for (let depth = 0; depth < 9; depth += 1) {
    const bytes = Buffer.from(JSON.stringify(inner))
    const digest = digestOf(bytes)
    blobs.push([blobPath(digest), bytes])
    inner = { schemaVersion: 2, manifests: [{ mediaType: OCI_INDEX, digest, size: bytes.length }] }
  }
  await refuses(t, layoutAround(inner, OCI_INDEX, blobs), /at most 8 indexes within each other/)
})

test('an index of attestations only holds no image', async (t) => {
  const attestation: Descriptor = {
    mediaType: OCI_MANIFEST,
    digest: LAYER,
    size: 3,
    platform: { os: 'unknown', architecture: 'unknown' }
  }
  await refuses(t, layoutAround({ schemaVersion: 2, manifests: [attestation] }, OCI_INDEX), /at least one image/)
})

const config = Buffer.from('{"architecture":"amd64","os":"linux","rootfs":{"type":"layers","diff_ids":[]}}')
const configPart: [string, Buffer] = [blobPath(digestOf(config)), config]
const configDescriptor = { mediaType: OCI_CONFIG, digest: digestOf(config), size: config.length }
const layer = { mediaType: OCI_LAYER, digest: LAYER, size: 3 }

test('a manifest whose layers are not those of its config is refused', async (t) => {
  const parts = layoutAround({ schemaVersion: 2, config: configDescriptor, layers: [layer] }, OCI_MANIFEST, [
    configPart
  ])
  await refuses(t, parts, /expected 0 layers, as in the config, found 1/)
})

test('an artifact, a layer that is no tar, and a manifest with another type than its descriptor are refused', async (t) => {
  const artifact = { schemaVersion: 2, config: { ...configDescriptor, mediaType: 'application/x' }, layers: [] }
  await refuses(t, layoutAround(artifact, OCI_MANIFEST, [configPart]), /artifact of another kind/)
  const encrypted = { ...layer, mediaType: `${OCI_LAYER}+encrypted` }
  const secret = { schemaVersion: 2, config: configDescriptor, layers: [encrypted] }
  await refuses(t, layoutAround(secret, OCI_MANIFEST, [configPart]), /expected a layer tar, found .*encrypted/)
  const other = { schemaVersion: 2, mediaType: OCI_INDEX, manifests: [] }
  await refuses(t, layoutAround(other, OCI_MANIFEST), /expected the media type/)
})

test('a digest that would lead out of the layout is refused', async (t) => {
  const outside = Buffer.from(
    JSON.stringify({
      schemaVersion: 2,
      manifests: [{ mediaType: OCI_MANIFEST, digest: 'sha256:../../etc/passwd', size: 1 }]
    })
  )
  await refuses(t, await spoilt((parts) => parts.set('index.json', outside)), /manifests\.0\.digest/)
})

test('an archive that is cut off, flipped or has garbage behind it is refused', async (t) => {
  const tar = tarParts(await layoutParts(imageBlobs(['one', 'two'])))
  await refusesArchive(t, tar.subarray(0, 700), /end/)
  await refusesArchive(t, tar.subarray(0, -1024), /end/)
  await refusesArchive(t, Buffer.alloc(0), /nothing/)
  const flipped = Buffer.from(tar)
  flipped[3] = 0xff
  await refusesArchive(t, flipped, /checksum/)
  await refusesArchive(t, Buffer.concat([tar, Buffer.from('garbage')]), /behind its end/)
  await refusesArchive(t, gzipSync(tar).subarray(0, -30), /a\.tar/)
  await refusesArchive(t, Buffer.from('no archive at all'), /a\.tar/)
})

test('an archive whose names leave it, come twice or lie about their size is refused', async (t) => {
  const body = '{"imageLayoutVersion":"1.0.0"}'
  await refusesArchive(t, tarOf(member({ name: '/../oci-layout' }, body)), /below the root/)
  await refusesArchive(t, tarOf(member({ name: 'a/../../oci-layout' }, body)), /below the root/)
  await refusesArchive(
    t,
    tarOf(member({ name: 'oci-layout' }, body), member({ name: 'oci-layout' }, body)),
    /every path once/
  )
  await refusesArchive(t, tarOf(member({ name: 'oci-layout', size: 2 ** 33 - 1 }, body)), /end/)
})

test('a compressed archive that breaks off leaves nothing behind', async (t) => {
  const directory = t.testdir({ temporary: {} })
  const path = join(directory, 'a.tar')
  const tar = tarParts(await layoutParts(imageBlobs([randomBytes(2 ** 20).toString('hex')])))
  await writeFile(path, gzipSync(tar).subarray(0, -100))
  const options = { temporary: join(directory, 'temporary') }
  await t.rejects(run([image({ kind: 'oci-archive', path, name: null, platforms: 'all' })], options), {
    code: 'ERR_INPUT'
  })
  t.same(await readdir(options.temporary), [])
})

test('a docker archive with a wrong config, layer or link is refused', async (t) => {
  const hex = 'a'.repeat(64)
  const manifest = (Config: string, Layers: readonly string[]): Buffer =>
    member({ name: 'manifest.json' }, JSON.stringify([{ Config, RepoTags: null, Layers }]))
  const good = member({ name: 'config' }, config)
  const cases: readonly (readonly [parts: readonly Buffer[], message: RegExp])[] = [
    [[member({ name: 'other' }, 'x')], /found no manifest\.json/],
    [[member({ name: 'oci-layout' }, 'x')], /found an OCI layout. Write oci: or oci-archive:/],
    [[manifest('config', [])], /expected config, found nothing/],
    [[manifest(`${hex}.json`, []), member({ name: `${hex}.json` }, config)], /expected sha256:aaa/],
    [[manifest('config', ['l']), good, member({ name: 'l' }, 'x')], /expected 0 layers, as in the config, found 1/],
    [[manifest('../config', []), good], /expected \.\.\/config, found nothing/],
    [[manifest('c', []), member({ name: 'c', type: '2', link: 'c' })], /expected c, found nothing/],
    [[manifest('c', []), member({ name: 'c', type: '2', link: '../../etc/passwd' })], /expected c, found nothing/],
    [[member({ name: 'manifest.json' }, '[]')], /expected one image/]
  ]
  for (const [parts, message] of cases) await refusesArchive(t, tarOf(...parts), message, 'docker-archive')
})

test('a path that is missing or of another kind is an error that says what to write', async (t) => {
  const directory = t.testdir({ file: 'x', layout: {} })
  const read = (kind: ImageLocation['kind'], path: string) =>
    readAll({ kind, path: resolve(directory, path), name: null })
  await t.rejects(read('oci', 'missing'), { code: 'ERR_INPUT', message: /found nothing there/ })
  await t.rejects(read('oci', 'file'), { code: 'ERR_INPUT', message: /write oci-archive: or docker-archive:/ })
  await t.rejects(read('oci-archive', 'missing'), { code: 'ERR_INPUT', message: /nothing at that path/ })
  await t.rejects(read('oci-archive', 'layout'), { code: 'ERR_INPUT', message: /write oci:/ })
  await t.rejects(read('oci-archive', '/dev/zero'), {
    code: 'ERR_INPUT',
    message: /no regular file/
  })
})
