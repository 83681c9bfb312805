import { randomBytes } from 'node:crypto'
import { Readable } from 'node:stream'
import { setTimeout as wait } from 'node:timers/promises'
import { type Test, test } from 'tap'
import { digestOf } from '../../lib/blob/digest.js'
import { type Node, pipe, run, source } from '../../lib/graph/index.js'
import { registryResource } from '../../lib/registry/client.js'
import type { Quirk } from '../../lib/registry/server/index.js'
import { noJournal, uploadJournal } from '../../lib/registry/upload-journal.js'
import { assemble } from '../../lib/stages/assemble.js'
import { hash } from '../../lib/stages/hash.js'
import type { CompressedLayer, ImageBlob, ImageEnd, Receipt } from '../../lib/stages/items.js'
import { type UploadOptions, upload } from '../../lib/stages/upload.js'
import { createBody } from '../../lib/streams/body.js'
import { type PartEvent, type ProgressEvent, partChannel, progressChannel } from '../../lib/trace.js'
import { AMD64, ARM64, imageBlobs, indexBlobs } from '../helpers/image-blobs.js'
import { published } from '../helpers/published.js'
import { testClient } from '../helpers/push.js'
import { recorder } from '../helpers/quirks/faults.js'
import { breakOnce, isUpload, refuse } from '../helpers/quirks/uploads.js'
import { startTestRegistry } from '../helpers/registry.js'
import { createPlainClient } from '../helpers/registry-client.js'

const given = (blobs: readonly ImageBlob[]): Node<ImageBlob> =>
  source<{ count: number }, ImageBlob>('given', () => Readable.from(blobs))({ count: blobs.length })

async function pushed(t: Test, blobs: readonly ImageBlob[], options: Partial<UploadOptions>): Promise<Receipt> {
  const all = { names: [], pushByDigest: false, insecure: false, ...options }
  const [receipt] = await run([pipe(given(blobs), upload(all))], { provide: [registryResource.provide(testClient(t))] })
  if (!receipt) throw new Error('there is no receipt')
  return receipt
}

test('an image goes to several names on several registries, and each has it', async (t) => {
  const [one, two] = [await startTestRegistry(t), await startTestRegistry(t)]
  const names = [`${one.host}/a:1`, `${one.host}/a:2`, `${one.host}/b/c:1`, `${two.host}/d`]
  const receipt = await pushed(t, imageBlobs(['layer one', 'layer two']), { names })
  t.match(receipt, { exporter: 'registry', names: [...names.slice(0, 3), `${two.host}/d:latest`] })
  t.same(receipt.skipped, ['3 blobs mounted from another repository'])
  for (const [url, repository, tag] of [
    [one.url, 'a', '1'],
    [one.url, 'a', '2'],
    [one.url, 'b/c', '1'],
    [two.url, 'd', 'latest']
  ] as const) {
    const client = createPlainClient(url, repository)
    const manifest = await client.send('GET', `manifests/${tag}`)
    t.equal(manifest.headers.get('docker-content-digest'), receipt.descriptor?.digest)
    t.equal((await client.send('HEAD', `blobs/${digestOf('layer two')}`)).status, 200)
  }
})

test('a push to two registries at once counted bytes of only one: it counts all that was sent', async (t) => {
  const [one, two] = [await startTestRegistry(t), await startTestRegistry(t)]
  const blobs = imageBlobs(['layer one', 'layer two'])
  const { bytes } = await pushed(t, blobs, { names: [`${one.host}/a:1`, `${two.host}/a:1`] })
  t.equal(bytes, 2 * blobs.reduce((sum, { blob }) => sum + blob.descriptor.size, 0))
})

test('a second push of the same image asks once for each blob and manifest, and sends nothing', async (t) => {
  const { quirk, requests } = recorder()
  const { host } = await startTestRegistry(t, { quirks: [quirk] })
  const blobs = imageBlobs(Array.from({ length: 100 }, (_, index) => `layer ${index}`))
  const first = await pushed(t, blobs, { names: [`${host}/many:1`] })
  requests.length = 0
  const second = await pushed(t, blobs, { names: [`${host}/many:1`] })
  t.equal(requests.length, 102)
  t.ok(requests.every((request) => request.startsWith('HEAD ')))
  t.match([first.bytes > 0, second.bytes], [true, 0])
  t.same(second.skipped, ['101 blobs that the registry had'])
})

test('a push tells what it does, and in the end how much there was to send', async (t) => {
  const { host } = await startTestRegistry(t)
  const push = () => pushed(t, imageBlobs(['layer one', 'layer two']), { names: [`${host}/told:1`] })
  const parts = await published<PartEvent>(partChannel.name, push)
  t.match(
    parts.filter(({ event }) => event === 'begin').map(({ name }) => name),
    [
      'exporting layers',
      'pushing layers',
      /^exporting config sha256:/,
      /^exporting manifest sha256:/,
      `pushing manifest for ${host}/told:1@sha256:`
    ]
  )
  const again = await published<PartEvent>(partChannel.name, push)
  t.ok(
    again.some(({ name, event }) => name === 'pushing layers' && event === 'cached'),
    'nothing had to be sent'
  )
  const other = () => pushed(t, imageBlobs(['more', 'than that']), { names: [`${host}/other:1`] })
  const moves = await published<ProgressEvent>(progressChannel.name, other)
  t.equal(
    moves.at(-1)?.total,
    moves.reduce((sum, { bytes }) => sum + bytes, 0)
  )
})

test('blobs go first, then config, children, the index, and the tag last', async (t) => {
  const { quirk, requests } = recorder()
  const { host } = await startTestRegistry(t, { quirks: [quirk] })
  const receipt = await pushed(t, indexBlobs(['common'], [AMD64, ARM64]), { names: [`${host}/multi:1`] })
  const puts = requests.filter((request) => request.startsWith('PUT'))
  const kinds = puts.map((request) => (request.includes('/blobs/') ? 'blob' : request.replace(/.*\//, '').slice(0, 7)))
  t.same(kinds, ['blob', 'blob', 'blob', 'blob', 'blob', 'sha256:', 'sha256:', '1'])
  t.equal(receipt.config, null)
})

test('what one sink is sending another one of the run does not send', async (t) => {
  const { quirk, requests } = recorder()
  const { host } = await startTestRegistry(t, { quirks: [quirk] })
  const options = { pushByDigest: false, insecure: false }
  const blobs = given(imageBlobs(['layer one', 'layer two']))
  const sinks = ['1', '2'].map((tag) => pipe(blobs, upload({ names: [`${host}/a:${tag}`], ...options })))
  const receipts = await run(sinks, { provide: [registryResource.provide(testClient(t))] })
  t.equal(requests.filter((request) => request.startsWith('POST')).length, 3)
  t.equal(receipts.length, 2)
})

test('a registry that refuses ends the run before the rest of the image is made', async (t) => {
  const { host } = await startTestRegistry(t, { quirks: [refuse(403, isUpload, 'DENIED')] })
  const endless = source<null, ImageBlob>('endless', () => {
    const items = new Readable({ objectMode: true, read: () => {} })
    items.push(imageBlobs(['layer'])[0])
    return items
  })(null)
  const sink = upload({ names: [`${host}/a:1`], pushByDigest: false, insecure: false })
  const running = run([pipe(endless, sink)], { provide: [registryResource.provide(testClient(t))] })
  await t.rejects(running, { code: 'ERR_REGISTRY', message: /HTTP 403 DENIED/ })
})

test('a push that is cancelled has let go of everything when its run ends', async (t) => {
  const { host } = await startTestRegistry(t)
  const cancel = new AbortController()
  let noted = false
  const note = async (): Promise<void> => {
    cancel.abort(new Error('enough'))
    await wait(100)
    noted = true
  }
  const provide = [
    registryResource.provide(testClient(t, { chunk: 10 })),
    uploadJournal.provide({ ...noJournal, note })
  ]
  const sink = upload({ names: [`${host}/a:1`], pushByDigest: false, insecure: false })
  const running = run([pipe(given(imageBlobs(['more than ten bytes'])), sink)], { provide, signal: cancel.signal })
  await t.rejects(running, { message: 'enough' })
  t.ok(noted, 'what was under way has come to its end')
})

test('by digest no tag is made', async (t) => {
  const { host, url } = await startTestRegistry(t)
  const { descriptor } = await pushed(t, imageBlobs(['x']), { names: [`${host}/a`], pushByDigest: true })
  const client = createPlainClient(url, 'a')
  t.same(await (await client.send('GET', 'tags/list')).json(), { name: 'a', tags: [] })
  t.equal((await client.send('GET', `manifests/${descriptor?.digest}`)).status, 200)
  await t.rejects(pushed(t, imageBlobs(['x']), { names: [`${host}/a:1`], pushByDigest: true }), { code: 'ERR_USAGE' })
})

test('when one registry refuses, no registry gets the tag', async (t) => {
  const refuse: Quirk = (request, next) =>
    request.method === 'PUT' && request.path.includes('/manifests/sha256')
      ? Promise.resolve({
          status: 403,
          headers: {},
          body: Buffer.from('{"errors":[{"code":"DENIED","message":"no"}]}')
        })
      : next(request)
  const [good, bad] = [await startTestRegistry(t), await startTestRegistry(t, { quirks: [refuse] })]
  const blobs = indexBlobs(['common'], [AMD64, ARM64])
  const push = pushed(t, blobs, { names: [`${good.host}/a:1`, `${bad.host}/a:1`] })
  await t.rejects(push, { code: 'ERR_REGISTRY', status: 403, message: /push manifest.*HTTP 403 DENIED: no/ })
  t.equal((await createPlainClient(good.url, 'a').send('GET', 'manifests/1')).status, 404)
})

const block = randomBytes(2 ** 20)

/** Pushes an image whose layer is `before` MiB, and `after` MiB more once `until` has come. */
async function pushGrowing(t: Test, name: string, until: Promise<void>, before = 20, after = 5): Promise<Receipt> {
  const bytes = async function* (): AsyncGenerator<Buffer> {
    for (let count = 0; count < before; count += 1) yield block
    await until
    for (let count = 0; count < after; count += 1) yield block
  }
  const layer: CompressedLayer = {
    kind: 'compressed',
    body: createBody(() => Readable.from(bytes())),
    codec: 'gzip',
    level: 6,
    recompressed: false,
    summary: Promise.resolve({ diffID: digestOf('x'), annotations: {}, newest: 0 }),
    history: []
  }
  const end: ImageEnd = { kind: 'image', platform: AMD64, config: {}, history: [] }
  const made = source<null, CompressedLayer | ImageEnd>('made', () => Readable.from([layer, end]))(null)
  const documents = {
    family: 'oci',
    annotations: [],
    preferNondistributable: false,
    epoch: null,
    variants: false
  } as const
  const sink = upload({ names: [name], pushByDigest: false, insecure: false })
  const provide = [registryResource.provide(testClient(t))]
  const [receipt] = await run([pipe(made, hash(), assemble(documents), sink)], { provide })
  if (!receipt) throw new Error('there is no receipt')
  return receipt
}

/** Tells when the first bytes of a layer arrive, and gives the requests that bring them to `next`. */
function whenArriving(handle: Quirk): { readonly quirk: Quirk; readonly arriving: Promise<void> } {
  let arrived: () => void = () => {}
  const arriving = new Promise<void>((resolve) => {
    arrived = resolve
  })
  const quirk: Quirk = (request, next) => {
    if (request.method !== 'PATCH') return next(request)
    arrived()
    return handle(request, next)
  }
  return { quirk, arriving }
}

test('a layer is on its way while it is still being made', async (t) => {
  const { quirk, arriving } = whenArriving((request, next) => next(request))
  const { host, url } = await startTestRegistry(t, { quirks: [quirk] })
  // The rest is only made once the registry has the first bytes.
  const { bytes } = await pushGrowing(t, `${host}/early:1`, arriving)
  t.ok(bytes > 25 * 2 ** 20)
  t.equal((await createPlainClient(url, 'early').send('GET', 'manifests/1')).status, 200)
})

test('a layer on its way goes on where its connection broke', async (t) => {
  const { quirk, arriving } = whenArriving(breakOnce(() => true))
  const { host, url } = await startTestRegistry(t, { quirks: [quirk] })
  const { bytes } = await pushGrowing(t, `${host}/early:1`, arriving)
  t.ok(bytes > 25 * 2 ** 20)
  t.equal((await createPlainClient(url, 'early').send('GET', 'manifests/1')).status, 200)
})

test('a layer on its way is given up when the registry turns out to have it', async (t) => {
  const clean = await startTestRegistry(t)
  await pushGrowing(t, `${clean.host}/early:1`, Promise.resolve())
  const { quirk, arriving } = whenArriving(() => new Promise(() => {})) // never taken, so only giving up ends it
  const { host } = await startTestRegistry(t, { directory: clean.directory, quirks: [quirk] })
  const { bytes, skipped } = await pushGrowing(t, `${host}/early:1`, arriving)
  t.equal(bytes, 0)
  t.same(skipped, ['2 blobs that the registry had'])
})
