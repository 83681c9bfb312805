import { randomBytes } from 'node:crypto'
import { type Test, test } from 'tap'
import { digestOf } from '../../lib/blob/digest.js'
import { messageOf } from '../../lib/errors.js'
import { registryBlob } from '../../lib/registry/fetch-blob.js'
import { fetchManifest } from '../../lib/registry/manifests.js'
import type { Quirk, Reply, Request } from '../../lib/registry/server/index.js'
import { blobOf, testClient } from '../helpers/push.js'
import { cutShort, recorder } from '../helpers/quirks/faults.js'
import { startTestRegistry } from '../helpers/registry.js'
import { createPlainClient, IMAGE, INDEX, sampleManifest } from '../helpers/registry-client.js'

const bytes = randomBytes(600_000)
const isBlob = (request: Request): boolean => request.path.includes('/blobs/sha')

async function pull(t: Test, quirks: readonly Quirk[], range?: { start: number; end: number }): Promise<Buffer> {
  const { host, url } = await startTestRegistry(t, { quirks })
  await createPlainClient(url, 'a').pushBlob(bytes)
  const blob = registryBlob(testClient(t).remote({ host, repository: 'a' }), blobOf(bytes).descriptor)
  return Buffer.concat(await blob.open(range).toArray())
}

test('a download goes on by closed ranges where the connection broke', async (t) => {
  const ranges: (string | undefined)[] = []
  const watch: Quirk = (request, next) => {
    if (isBlob(request)) ranges.push(request.headers.range)
    return next(request)
  }
  const once: Quirk = async (request, next) => {
    const reply = await next(request)
    return isBlob(request) && !request.headers.range ? cutShort(request, reply) : reply
  }
  t.ok((await pull(t, [watch, once])).equals(bytes))
  t.equal(ranges[0], undefined)
  t.match(ranges[1], /^bytes=[1-9]\d*-599999$/)
})

test('a part is a part, also where ranges are ignored', async (t) => {
  const ignore: Quirk = (request, next) => next({ ...request, headers: { ...request.headers, range: undefined } })
  for (const quirks of [[], [ignore]]) {
    const part = await pull(t, quirks, { start: 100_000, end: 200_000 })
    t.ok(part.equals(bytes.subarray(100_000, 200_000)))
  }
})

test('a redirect to another host is followed without the credentials', async (t) => {
  const seen: (string | undefined)[] = []
  const store = await startTestRegistry(t, {
    quirks: [
      (request, next) => {
        seen.push(request.headers.authorization)
        return next(request)
      }
    ]
  })
  await createPlainClient(store.url, 'a').pushBlob(bytes)
  const away: Quirk = async (request, next) =>
    isBlob(request)
      ? { status: 307, headers: { Location: `${store.url}${request.path}?signature=s3cret` } }
      : next(request)
  const locked: Quirk = (request, next) =>
    request.headers.authorization
      ? next(request)
      : Promise.resolve({ status: 401, headers: { 'WWW-Authenticate': 'Basic realm="x"' } })
  const { host } = await startTestRegistry(t, { quirks: [locked, away] })
  const credentials = async () => ({ kind: 'password', user: 'me', password: 'a secret' }) as const
  const remote = testClient(t, { credentials }).remote({ host, repository: 'a' })
  seen.length = 0
  const pulled = Buffer.concat(await registryBlob(remote, blobOf(bytes).descriptor).open().toArray())
  t.ok(pulled.equals(bytes))
  t.same(seen, [undefined])
})

const blobTroubles: Readonly<Record<string, readonly [Quirk, RegExp]>> = {
  'another digest': [replace(isBlob, () => ({ body: randomBytes(600_000) })), /expected sha256/],
  'more bytes than said': [
    replace(isBlob, () => ({ body: randomBytes(700_000) })),
    /expected 600000 bytes, found 700000/
  ],
  'fewer bytes than said': [replace(isBlob, () => ({ body: randomBytes(10) })), /expected 600000 bytes, found 10/],
  'a web page': [replace(isBlob, () => ({ body: Buffer.from('<html>login</html>') })), /expected 600000 bytes/],
  'an empty 200': [replace(isBlob, () => ({ body: Buffer.alloc(0) })), /expected 600000 bytes, found 0/],
  'redirects without end': [
    replace(isBlob, (request) => ({ status: 302, location: `${request.path}?again` })),
    /at most 10 redirects/
  ],
  'a redirect without a Location': [replace(isBlob, () => ({ status: 307 })), /expected a Location, found none/],
  'a redirect to a file': [replace(isBlob, () => ({ status: 307, location: 'file:///etc/passwd' })), /Location/],
  '404': [replace(isBlob, () => ({ status: 404 })), /HTTP 404/],
  '403 and a web page': [
    replace(isBlob, () => ({ status: 403, body: Buffer.from('<!DOCTYPE html>') })),
    /HTTP 403 with a web page/
  ]
}

for (const [trouble, [quirk, message]] of Object.entries(blobTroubles)) {
  test(`a blob with ${trouble} is refused`, async (t) => {
    await t.rejects(pull(t, [quirk]), { message })
  })
}

const image = Buffer.from(JSON.stringify(sampleManifest()))
const manifestTroubles: Readonly<Record<string, readonly [Partial<Answered>, RegExp]>> = {
  'bytes that are not those of the digest header': [{ digest: digestOf('other') }, /expected sha256/],
  'a web page': [{ type: 'text/html', body: Buffer.from('<html>') }, /expected a manifest, found text\/html/],
  'an empty 200': [{ type: '', body: Buffer.alloc(0) }, /expected a manifest, found nothing/],
  'schema 1': [{ type: 'application/vnd.docker.distribution.manifest.v1+prettyjws' }, /schema 1/],
  'more than 4 MiB': [{ body: Buffer.alloc(5 * 2 ** 20) }, /at most 4194304 bytes/],
  'an unknown type': [{ type: 'application/x-strange' }, /expected a manifest/]
}

interface Answered {
  readonly type: string
  readonly body: Buffer
  readonly digest: string
}

for (const [trouble, [answer, message]] of Object.entries(manifestTroubles)) {
  test(`a manifest with ${trouble} is refused`, async (t) => {
    const { type = IMAGE, body = image, digest } = answer
    const headers = { 'Content-Type': type, ...(digest && { 'Docker-Content-Digest': digest }) }
    const { host } = await startTestRegistry(t, { quirks: [async () => ({ status: 200, headers, body })] })
    const remote = testClient(t).remote({ host, repository: 'a' })
    await t.rejects(fetchManifest(remote, 'tag'), { message })
  })
}

test('a manifest by digest has to have it, whatever the header says; without a type its own is taken', async (t) => {
  const lie: Quirk = async () => ({
    status: 200,
    headers: { 'Content-Type': 'application/json', 'Docker-Content-Digest': digestOf('other') },
    body: image
  })
  const { host } = await startTestRegistry(t, { quirks: [lie] })
  const remote = testClient(t).remote({ host, repository: 'a' })
  await t.rejects(fetchManifest(remote, digestOf('other')), { message: /expected sha256/ })
  t.equal((await fetchManifest(remote, digestOf(image))).descriptor.mediaType, IMAGE)
})

test('sha512 is verified as sha256 is', async (t) => {
  const { host, url } = await startTestRegistry(t)
  const client = createPlainClient(url, 'a')
  const digest = digestOf(image, 'sha512')
  await client.putManifest(digest, sampleManifest())
  const remote = testClient(t).remote({ host, repository: 'a' })
  t.equal((await fetchManifest(remote, digest)).descriptor.digest, digest)
  const sha512 = digestOf(bytes, 'sha512')
  await client.pushBlob(bytes, 'sha512')
  const blob = registryBlob(remote, { mediaType: INDEX, digest: sha512, size: bytes.length })
  t.ok(Buffer.concat(await blob.open().toArray()).equals(bytes))
})

test('Retry-After is obeyed up to a limit, and the wait is said', async (t) => {
  for (const [after, outcome] of [
    ['0', 'success'],
    [new Date().toUTCString(), 'success'],
    ['3600', /HTTP 429.* Try again .* in 3600 s/]
  ] as const) {
    let count = 0
    const busy: Quirk = async (request, next) => {
      count += 1
      return count === 1 ? { status: 429, headers: { 'Retry-After': after } } : next(request)
    }
    const notes: string[] = []
    const { host, url } = await startTestRegistry(t, { quirks: [busy] })
    const client = testClient(t, { note: (message) => notes.push(message) })
    const fetched = fetchManifest(client.remote({ host, repository: 'a' }), '1')
    const said = await fetched.then(() => 'success', messageOf)
    t.match(said, outcome === 'success' ? /HTTP 404/ : outcome, url)
    t.equal(notes.length, outcome === 'success' ? 1 : 0)
  }
})

test('who gave up during a wait was told of an abort, not of the reason', async (t) => {
  const busy: Quirk = async () => ({ status: 429, headers: { 'Retry-After': '2' } })
  const { host } = await startTestRegistry(t, { quirks: [busy] })
  const controller = new AbortController()
  const client = testClient(t, { note: () => setImmediate(() => controller.abort(new Error('enough'))) })
  const remote = client.remote({ host, repository: 'a' })
  await t.rejects(fetchManifest(remote, '1', controller.signal), { message: 'enough' })
})

test('what is final is asked once', async (t) => {
  const { quirk, requests } = recorder()
  const { host } = await startTestRegistry(t, { quirks: [quirk] })
  await t.rejects(fetchManifest(testClient(t).remote({ host, repository: 'a' }), 'none'), { message: /HTTP 404/ })
  t.equal(requests.length, 1)
})

interface Replacement {
  readonly status?: number
  readonly body?: Buffer
  readonly location?: string
}

function replace(when: (request: Request) => boolean, by: (request: Request) => Replacement): Quirk {
  return async (request, next): Promise<Reply> => {
    if (!when(request) || request.method !== 'GET') return next(request)
    const { status = 200, body, location } = by(request)
    return { status, headers: location === undefined ? {} : { Location: location }, ...(body && { body }) }
  }
}
