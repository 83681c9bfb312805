import { randomBytes } from 'node:crypto'
import { mkdir, stat, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'tap'
import { digestOf, hexOf } from '../../../lib/blob/digest.js'
import { startTestRegistry, temporaryDirectory } from '../../helpers/registry.js'
import { createPlainClient, errorCode, INDEX, sampleManifest } from '../../helpers/registry-client.js'

const bytes = randomBytes(100_000)
const digest = digestOf(bytes)

test('Pushing blobs: POST then PUT', async (t) => {
  const { url } = await startTestRegistry(t)
  const client = createPlainClient(url, 'a')
  const begun = await client.send('POST', 'blobs/uploads/')
  t.equal(begun.status, 202)
  t.ok(begun.headers.get('location'))
  const put = await client.send('PUT', `${begun.headers.get('location')}?digest=${digest}`, { body: bytes })
  t.equal(put.status, 201)
  t.equal(put.headers.get('location'), `/v2/a/blobs/${digest}`)
  t.equal((await client.send('HEAD', `blobs/${digest}`)).status, 200)
})

test('Pushing blobs: a single POST, also of an empty one', async (t) => {
  const { url } = await startTestRegistry(t)
  const client = createPlainClient(url, 'a')
  for (const body of [bytes, Buffer.alloc(0)]) {
    const response = await client.send('POST', `blobs/uploads/?digest=${digestOf(body)}`, { body })
    t.equal(response.status, 201)
    const pulled = await client.send('GET', `blobs/${digestOf(body)}`)
    t.equal(digestOf(Buffer.from(await pulled.arrayBuffer())), digestOf(body))
  }
})

test('Pushing blobs: sha512, told before, after and in one request', async (t) => {
  const { url } = await startTestRegistry(t)
  const client = createPlainClient(url, 'a')
  const sha512 = digestOf(bytes, 'sha512')
  t.equal((await client.send('POST', `blobs/uploads/?digest=${sha512}`, { body: bytes })).status, 201)
  for (const query of ['', '?digest-algorithm=sha512']) {
    const location = await client.begin(query)
    t.equal((await client.send('PUT', `${location}?digest=${sha512}`, { body: bytes })).status, 201)
  }
  t.equal((await client.send('HEAD', `blobs/${sha512}`)).status, 200)
  t.equal((await client.send('POST', 'blobs/uploads/?digest-algorithm=md5')).status, 400)
})

test('Pushing blobs: a wrong or malformed digest is 400 DIGEST_INVALID', async (t) => {
  const { url } = await startTestRegistry(t)
  const client = createPlainClient(url, 'a')
  for (const wrong of [digestOf('other'), 'sha256:zz', 'md5:00', '']) {
    const response = await client.send('PUT', `${await client.begin()}?digest=${wrong}`, { body: bytes })
    t.equal(response.status, 400, wrong)
    t.equal(await errorCode(response), 'DIGEST_INVALID', wrong)
  }
  t.equal((await client.send('HEAD', `blobs/${digestOf('other')}`)).status, 404)
})

test('Pushing a blob in chunks: each is 202 with Location and Range, status tells the same', async (t) => {
  const { url } = await startTestRegistry(t)
  const client = createPlainClient(url, 'a')
  const location = await client.begin()
  const chunk = (start: number, end: number): RequestInit => ({
    body: bytes.subarray(start, end),
    headers: { 'Content-Range': `${start}-${end - 1}`, 'Content-Type': 'application/octet-stream' }
  })
  const first = await client.send('PATCH', location, chunk(0, 40_000))
  t.match([first.status, first.headers.get('range')], [202, '0-39999'])
  const status = await client.send('GET', location)
  t.match([status.status, status.headers.get('range')], [204, '0-39999'])
  t.ok(status.headers.get('location'))
  const second = await client.send('PATCH', first.headers.get('location') ?? '', chunk(40_000, 70_000))
  t.match([second.status, second.headers.get('range')], [202, '0-69999'])
  const last = await client.send('PUT', `${location}?digest=${digest}`, chunk(70_000, 100_000))
  t.equal(last.status, 201)
})

test('Pushing a blob in chunks: out of order is 416, and the upload goes on', async (t) => {
  const { url } = await startTestRegistry(t)
  const client = createPlainClient(url, 'a')
  const location = await client.begin()
  const send = (method: string, to: string, range: string, body: Buffer): Promise<Response> =>
    client.send(method, to, { body, headers: { 'Content-Range': range } })
  t.equal((await send('PATCH', location, '50000-99999', bytes.subarray(50_000))).status, 416)
  t.equal((await send('PATCH', location, '0-49999', bytes.subarray(0, 50_000))).status, 202)
  const again = await send('PATCH', location, '0-49999', bytes.subarray(0, 50_000))
  t.match([again.status, again.headers.get('range')], [416, '0-49999'])
  t.equal((await send('PUT', `${location}?digest=${digest}`, '60000-99999', bytes.subarray(60_000))).status, 416)
  t.equal((await send('PUT', `${location}?digest=${digest}`, '50000-99999', bytes.subarray(50_000))).status, 201)
})

test('Pushing a blob in chunks: a Content-Range that lies about its length is refused', async (t) => {
  const { url } = await startTestRegistry(t)
  const client = createPlainClient(url, 'a')
  for (const range of ['0-10', '0-200000', 'ten-eleven', '9-3']) {
    const response = await client.send('PATCH', await client.begin(), {
      body: bytes,
      headers: { 'Content-Range': range }
    })
    t.equal(response.status, 400, range)
  }
})

test('Pushing a blob: a streamed body of unknown length', async (t) => {
  const { url } = await startTestRegistry(t)
  const client = createPlainClient(url, 'a')
  const location = await client.begin()
  const body = new Blob([bytes]).stream()
  const init = { body, duplex: 'half' } as RequestInit
  t.equal((await client.send('PATCH', location, init)).status, 202)
  t.equal((await client.send('PUT', `${location}?digest=${digest}`)).status, 201)
})

test('Cancelling an upload: it is gone', async (t) => {
  const { url } = await startTestRegistry(t)
  const client = createPlainClient(url, 'a')
  const location = await client.begin()
  t.equal((await client.send('DELETE', location)).status, 204)
  for (const method of ['GET', 'PATCH', 'DELETE']) {
    const response = await client.send(method, location)
    t.equal(response.status, 404, method)
    t.equal(await errorCode(response), 'BLOB_UPLOAD_UNKNOWN', method)
  }
})

test('Mounting a blob from another repository: 201, without one that has it 202 and the session works', async (t) => {
  const { url } = await startTestRegistry(t)
  await createPlainClient(url, 'from/here').pushBlob(bytes)
  const client = createPlainClient(url, 'to/there')
  const mounted = await client.send('POST', `blobs/uploads/?mount=${digest}&from=from/here`)
  t.match([mounted.status, mounted.headers.get('location')], [201, `/v2/to/there/blobs/${digest}`])
  t.equal((await client.send('HEAD', `blobs/${digest}`)).status, 200)
  const declined = await client.send('POST', `blobs/uploads/?mount=${digest}&from=nobody`)
  t.equal(declined.status, 202)
  const put = await client.send('PUT', `${declined.headers.get('location')}?digest=${digest}`, { body: bytes })
  t.equal(put.status, 201)
  const found = await createPlainClient(url, 'third').send('POST', `blobs/uploads/?mount=${digest}`)
  t.equal(found.status, 201, 'without from the registry finds it itself')
})

test('a mount from a name that leads out of the storage touched a file there: it is 400 NAME_INVALID', async (t) => {
  const directory = await temporaryDirectory(t)
  const { url } = await startTestRegistry(t, { directory: join(directory, 'storage') })
  const client = createPlainClient(url, 'a')
  await client.pushBlob(bytes)
  const outside = join(directory, 'private', '_blobs', 'sha256')
  await mkdir(outside, { recursive: true })
  await writeFile(join(outside, hexOf(digest)), '')
  await utimes(join(outside, hexOf(digest)), 1, 1)
  for (const from of ['..%2F..%2Fprivate', '../../private', '/', 'Upper', '']) {
    const response = await client.send('POST', `blobs/uploads/?mount=${digest}&from=${from}`)
    t.match([response.status, await errorCode(response)], [400, 'NAME_INVALID'], from)
  }
  t.equal((await stat(join(outside, hexOf(digest)))).mtimeMs, 1000)
})

test('Pushing Manifests: 201 with Location and digest; by a wrong digest 400', async (t) => {
  const { url } = await startTestRegistry(t)
  const client = createPlainClient(url, 'a')
  const expected = digestOf(JSON.stringify(sampleManifest()))
  for (const reference of ['tag', expected]) {
    const response = await client.putManifest(reference, sampleManifest())
    t.equal(response.status, 201)
    t.equal(response.headers.get('docker-content-digest'), expected)
    t.equal(response.headers.get('location'), `/v2/a/manifests/${expected}`)
  }
  const wrong = await client.putManifest(digestOf('wrong'), sampleManifest())
  t.match([wrong.status, await errorCode(wrong)], [400, 'DIGEST_INVALID'])
})

test('Pushing Manifests: sha512, and several tags with one digest', async (t) => {
  const { url } = await startTestRegistry(t)
  const client = createPlainClient(url, 'a')
  const expected = digestOf(JSON.stringify(sampleManifest()), 'sha512')
  const response = await client.putManifest(`${expected}?tag=one&tag=two`, sampleManifest())
  t.match([response.status, response.headers.get('oci-tag')], [201, 'one, two'])
  t.equal((await client.send('GET', 'manifests/two')).headers.get('docker-content-digest'), expected)
})

test('Pushing Manifests: sparse images and indexes are taken', async (t) => {
  const { url } = await startTestRegistry(t)
  const client = createPlainClient(url, 'a')
  const missing = { mediaType: 'application/vnd.oci.image.layer.v1.tar', digest: digestOf('missing'), size: 7 }
  t.equal((await client.putManifest('image', sampleManifest({ layers: [missing] }))).status, 201)
  const index = { schemaVersion: 2, mediaType: INDEX, manifests: [{ ...missing, mediaType: INDEX }] }
  t.equal((await client.putManifest('index', index, INDEX)).status, 201)
})

test('Pushing Manifests: rubbish is 400 MANIFEST_INVALID, over 4 MiB 413', async (t) => {
  const { url } = await startTestRegistry(t)
  const client = createPlainClient(url, 'a')
  const put = (body: string, type = INDEX): Promise<Response> =>
    client.send('PUT', 'manifests/x', { body, headers: { 'Content-Type': type } })
  for (const body of ['', 'rubbish', '[]', '"text"', '{"manifests":[],"layers":[]}']) {
    const response = await put(body)
    t.match([response.status, await errorCode(response)], [400, 'MANIFEST_INVALID'], body)
  }
  t.equal((await client.putManifest('x', sampleManifest(), INDEX)).status, 400, 'Content-Type and mediaType disagree')
  t.equal((await put(JSON.stringify({ padding: 'x'.repeat(4 * 2 ** 20) }))).status, 413)
  t.equal((await put(JSON.stringify({ padding: 'x'.repeat(4 * 2 ** 20 - 20) }))).status, 201)
  t.equal((await client.putManifest('.bad', sampleManifest())).status, 400)
})

test('names: upper case and odd separators are 400 NAME_INVALID', async (t) => {
  const { url } = await startTestRegistry(t)
  for (const name of ['Upper', 'a//b', 'a/-b', 'a/.b', 'a___b', `${'x'.repeat(256)}`]) {
    const response = await createPlainClient(url, name).send('POST', 'blobs/uploads/')
    t.match([response.status, await errorCode(response)], [400, 'NAME_INVALID'], name)
  }
})
