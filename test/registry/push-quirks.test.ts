import { randomBytes } from 'node:crypto'
import { test } from 'tap'
import { memoryBlob } from '../../lib/blob/blob.js'
import { digestOf } from '../../lib/blob/digest.js'
import { verifyBytes } from '../../lib/blob/verify.js'
import { OCI_MANIFEST } from '../../lib/image/media-types.js'
import { finishedBlob, pushBlob } from '../../lib/registry/push-blob.js'
import { pushManifest } from '../../lib/registry/push-manifest.js'
import type { Quirk } from '../../lib/registry/server/index.js'
import { noJournal } from '../../lib/registry/upload-journal.js'
import { chain } from '../../lib/streams/body.js'
import { blobOf, push, testClient } from '../helpers/push.js'
import { recorder } from '../helpers/quirks/faults.js'
import {
  absoluteLocation,
  breakOnce,
  chunkLengths,
  declineMounts,
  exclusiveRange,
  isEmptyEnd,
  isHead,
  isLateChunk,
  isStatus,
  isUpload,
  lateBlobs,
  refuse,
  staleRange,
  withoutHeader
} from '../helpers/quirks/uploads.js'
import { startTestRegistry } from '../helpers/registry.js'
import { createPlainClient, sampleManifest } from '../helpers/registry-client.js'

const bytes = randomBytes(350_000)

/** Each with chunks of 100,000 bytes: three PATCHes and a PUT. */
const survived: Readonly<Record<string, readonly Quirk[]>> = {
  'none at all': [],
  '405 on HEAD': [refuse(405, isHead)],
  '403 on HEAD': [refuse(403, isHead)],
  '201 instead of 202 and a Range that stays at the first chunk': [staleRange],
  'a Range that stays at the first chunk, and a break': [breakOnce(isLateChunk), staleRange],
  'an exclusive end in Range': [exclusiveRange],
  'an exclusive end in Range, and a break': [breakOnce(isLateChunk), exclusiveRange],
  '404 on the status of an upload, and a connection that breaks': [breakOnce(isLateChunk), refuse(404, isStatus)],
  'no empty final PUT': [refuse(400, isEmptyEnd)],
  'no second chunk': [refuse(416, isLateChunk)],
  'no chunks at all': [refuse(405, (request) => request.method === 'PATCH')],
  'chunks of at least 150,000 bytes': [chunkLengths(150_000, 1_000_000)],
  'chunks of at most 40,000 bytes': [chunkLengths(0, 40_000)],
  'a Location with a query of its own': [absoluteLocation],
  'no digest header': [withoutHeader('Docker-Content-Digest')],
  'a connection that breaks within the last chunk': [breakOnce((request) => request.method === 'PUT')]
}

for (const [quirk, quirks] of Object.entries(survived)) {
  test(`a blob is pushed to a registry with ${quirk}`, async (t) => {
    const { host, url } = await startTestRegistry(t, { quirks })
    const remote = testClient(t, { chunk: 100_000 }).remote({ host, repository: 'a' })
    t.equal(await push(remote, bytes), 'sent')
    const pulled = await createPlainClient(url, 'a').send('GET', `blobs/${digestOf(bytes)}`)
    t.equal(digestOf(Buffer.from(await pulled.arrayBuffer())), digestOf(bytes))
    t.equal(await push(remote, bytes), 'present')
  })
}

test('what arrived before a break is not sent again', async (t) => {
  const starts: string[] = []
  const watch: Quirk = (request, next) => {
    if (isUpload(request)) starts.push(`${request.method} ${request.headers['content-range'] ?? 'all'}`)
    return next(request)
  }
  const { host } = await startTestRegistry(t, { quirks: [watch, breakOnce(isLateChunk)] })
  const remote = testClient(t, { chunk: 100_000 }).remote({ host, repository: 'a' })
  t.equal(await push(remote, bytes), 'sent')
  t.equal(starts.filter((start) => start.startsWith('POST')).length, 1)
  t.equal(starts.filter((start) => start === 'PATCH 0-99999').length, 1)
})

test('a small blob takes one POST and one PUT', async (t) => {
  const { quirk, requests } = recorder()
  const { host } = await startTestRegistry(t, { quirks: [quirk] })
  await push(testClient(t).remote({ host, repository: 'a' }), bytes)
  t.same(
    requests.map((request) => request.split(' ')[0]),
    ['HEAD', 'POST', 'PUT']
  )
})

test('a blob is mounted; where that is declined the session is used; where it fails it is sent', async (t) => {
  const cases: readonly (readonly [readonly Quirk[], string, number])[] = [
    [[], 'mounted', 1],
    [[declineMounts], 'sent', 1],
    [[refuse(401, (request) => request.query.has('mount'))], 'sent', 2],
    [[refuse(500, (request) => request.query.has('mount'))], 'sent', 5]
  ]
  for (const [quirks, outcome, posts] of cases) {
    const { quirk, requests } = recorder()
    const { host, url } = await startTestRegistry(t, { quirks: [quirk, ...quirks] })
    await createPlainClient(url, 'from').pushBlob(bytes)
    requests.length = 0
    const remote = testClient(t).remote({ host, repository: 'to' })
    t.equal(await push(remote, bytes, ['from']), outcome)
    t.equal(requests.filter((request) => request.startsWith('POST')).length, posts)
  }
})

test('a manifest whose blobs a registry does not see yet is put again', async (t) => {
  const { host, url } = await startTestRegistry(t, { quirks: [lateBlobs()] })
  const manifest = memoryBlob(Buffer.from(JSON.stringify(sampleManifest())), { mediaType: OCI_MANIFEST })
  const remote = testClient(t).remote({ host, repository: 'a' })
  let repairs = 0
  const repair = async (): Promise<void> => void (repairs += 1)
  await pushManifest({ remote, manifest, reference: '1', repair })
  t.equal(repairs, 1)
  t.equal((await createPlainClient(url, 'a').send('GET', 'manifests/1')).status, 200)
})

test('an upload that a Location sends to another host goes without the credentials', async (t) => {
  const seen: (string | undefined)[] = []
  const elsewhere = await startTestRegistry(t, {
    quirks: [
      (request, next) => {
        seen.push(request.headers.authorization)
        return next(request)
      }
    ]
  })
  const session = new URL(await createPlainClient(elsewhere.url, 'a').begin())
  const away: Quirk = async (request, next) =>
    request.method === 'POST' ? { status: 202, headers: { Location: session.href } } : next(request)
  const password: Quirk = (request, next) =>
    request.headers.authorization
      ? next(request)
      : Promise.resolve({ status: 401, headers: { 'WWW-Authenticate': 'Basic realm="x"' } })
  const { host } = await startTestRegistry(t, { quirks: [password, away] })
  const credentials = async () => ({ kind: 'password', user: 'me', password: 'a secret' }) as const
  t.equal(await push(testClient(t, { credentials }).remote({ host, repository: 'a' }), bytes), 'sent')
  t.same([...new Set(seen)], [undefined])
})

test('an upload that an earlier run left with other bytes is found out and begun anew', async (t) => {
  const { host, url } = await startTestRegistry(t)
  const location = await createPlainClient(url, 'a').begin()
  await fetch(location, { method: 'PATCH', body: randomBytes(150_000) })
  const journal = { ...noJournal, find: async () => location }
  const remote = testClient(t, { chunk: 100_000 }).remote({ host, repository: 'a' })
  const blob = finishedBlob(blobOf(bytes))
  const pushed = pushBlob({ remote, blob, mountFrom: [], journal, journalKey: 'key', progress: () => {} })
  t.equal(await pushed, 'sent')
  t.equal((await createPlainClient(url, 'a').send('HEAD', `blobs/${digestOf(bytes)}`)).status, 200)
})

test('a proxy that takes less than goes in ten seconds is sent what it takes', async (t) => {
  const lengths: number[] = []
  const most = 64 * 2 ** 20
  const proxy: Quirk = (request, next) => {
    if (isUpload(request)) lengths.push(Number(request.headers['content-length']))
    return refuse(413, ({ headers }) => Number(headers['content-length']) > most)(request, next)
  }
  const { host } = await startTestRegistry(t, { quirks: [proxy] })
  const large = Buffer.alloc(2 * most + 1)
  t.equal(await push(testClient(t).remote({ host, repository: 'a' }), large), 'sent')
  t.same(lengths, [0, most, most + 1, most, 1])
})

test('a blob whose bytes are not those of its digest is found out while it is sent, in one piece or in several', async (t) => {
  for (const chunk of [100_000, 1_000_000]) {
    const { quirk, requests } = recorder()
    const { host } = await startTestRegistry(t, { quirks: [quirk] })
    const remote = testClient(t, { chunk }).remote({ host, repository: 'a' })
    const wrong = { ...blobOf(bytes), open: blobOf(randomBytes(bytes.length)).open }
    const verified = { ...wrong, open: () => chain(wrong.open(), [verifyBytes(wrong.descriptor, 'test')]) }
    const blob = finishedBlob(chunk > bytes.length ? verified : wrong)
    const pushed = pushBlob({ remote, blob, mountFrom: [], journal: noJournal, journalKey: '', progress: () => {} })
    await t.rejects(pushed, { code: 'ERR_INPUT', message: /expected sha256/ })
    t.equal(requests.filter((request) => request.startsWith('POST')).length, 1, 'it is not tried again')
  }
})

test('bytes that are sent again after a break count as progress once', async (t) => {
  const { host } = await startTestRegistry(t, { quirks: [breakOnce(isLateChunk)] })
  const remote = testClient(t, { chunk: 100_000 }).remote({ host, repository: 'a' })
  let counted = 0
  const progress = (more: number): void => void (counted += more)
  const blob = finishedBlob(blobOf(bytes))
  await pushBlob({ remote, blob, mountFrom: [], journal: noJournal, journalKey: '', progress })
  t.equal(counted, bytes.length)
})
