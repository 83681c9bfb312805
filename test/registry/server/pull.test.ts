import { randomBytes } from 'node:crypto'
import { test } from 'tap'
import { digestOf } from '../../../lib/blob/digest.js'
import { startTestRegistry } from '../../helpers/registry.js'
import { createPlainClient, errorCode, IMAGE, sampleManifest } from '../../helpers/registry-client.js'

test('Determining Support: GET /v2/ is 200', async (t) => {
  const { url } = await startTestRegistry(t)
  const response = await fetch(`${url}/v2/`)
  t.equal(response.status, 200)
  t.equal(response.headers.get('docker-distribution-api-version'), 'registry/2.0')
})

test('Pulling manifests: by tag and by digest, with the type they were put with', async (t) => {
  const { url } = await startTestRegistry(t)
  const client = createPlainClient(url, 'a/b')
  const text = JSON.stringify(sampleManifest())
  await client.putManifest('1', sampleManifest())
  for (const reference of ['1', digestOf(text)]) {
    const response = await client.send('GET', `manifests/${reference}`)
    t.equal(response.status, 200)
    t.equal(response.headers.get('content-type'), IMAGE)
    t.equal(response.headers.get('docker-content-digest'), digestOf(text))
    t.equal(await response.text(), text)
  }
})

test('Pulling manifests: what is not there is 404 MANIFEST_UNKNOWN', async (t) => {
  const { url } = await startTestRegistry(t)
  const response = await createPlainClient(url, 'a').send('GET', 'manifests/none')
  t.equal(response.status, 404)
  t.equal(await errorCode(response), 'MANIFEST_UNKNOWN')
})

test('Pulling blobs: the bytes, and 404 BLOB_UNKNOWN for what is not there', async (t) => {
  const { url } = await startTestRegistry(t)
  const client = createPlainClient(url, 'a')
  const bytes = randomBytes(3_000_000)
  const digest = await client.pushBlob(bytes)
  const response = await client.send('GET', `blobs/${digest}`)
  t.equal(response.headers.get('content-length'), String(bytes.length))
  t.equal(digestOf(Buffer.from(await response.arrayBuffer())), digest)
  const missing = await client.send('GET', `blobs/${digestOf('other')}`)
  t.equal(missing.status, 404)
  t.equal(await errorCode(missing), 'BLOB_UNKNOWN')
})

test('Pulling blobs: one repository does not show what another holds', async (t) => {
  const { url } = await startTestRegistry(t)
  const digest = await createPlainClient(url, 'a').pushBlob(Buffer.from('secret'))
  t.equal((await createPlainClient(url, 'b').send('GET', `blobs/${digest}`)).status, 404)
})

test('Pulling blobs: ranges are 206, beyond the end 416', async (t) => {
  const { url } = await startTestRegistry(t)
  const client = createPlainClient(url, 'a')
  const digest = await client.pushBlob(Buffer.from('0123456789'))
  const cases: readonly [string, number, string, string | null][] = [
    ['bytes=2-4', 206, '234', 'bytes 2-4/10'],
    ['bytes=7-', 206, '789', 'bytes 7-9/10'],
    ['bytes=-3', 206, '789', 'bytes 7-9/10'],
    ['bytes=8-99', 206, '89', 'bytes 8-9/10'],
    ['bytes=0-1,4-5', 200, '0123456789', null],
    ['bytes=5-2', 200, '0123456789', null],
    ['rubbish', 200, '0123456789', null]
  ]
  for (const [Range, status, text, contentRange] of cases) {
    const response = await client.send('GET', `blobs/${digest}`, { headers: { Range } })
    t.equal(response.status, status, Range)
    t.equal(await response.text(), text, Range)
    t.equal(response.headers.get('content-range'), contentRange, Range)
  }
  for (const Range of ['bytes=10-12', 'bytes=99-', 'bytes=-0']) {
    const response = await client.send('GET', `blobs/${digest}`, { headers: { Range } })
    t.equal(response.status, 416, Range)
    t.equal(response.headers.get('content-range'), 'bytes */10', Range)
  }
})

test('Checking if content exists: HEAD has the headers of GET and no body', async (t) => {
  const { url } = await startTestRegistry(t)
  const client = createPlainClient(url, 'a')
  const digest = await client.pushBlob(Buffer.from('hello'))
  await client.putManifest('1', sampleManifest())
  const blob = await client.send('HEAD', `blobs/${digest}`)
  t.match([blob.status, blob.headers.get('content-length')], [200, '5'])
  const manifest = await client.send('HEAD', 'manifests/1')
  t.match([manifest.status, manifest.headers.get('content-type')], [200, IMAGE])
  t.equal((await client.send('HEAD', 'manifests/2')).status, 404)
  t.equal((await client.send('HEAD', `blobs/${digestOf('no')}`)).status, 404)
})

test('a blob whose bytes were changed on disk is cut off before its end', async (t) => {
  const { url, directory } = await startTestRegistry(t)
  const client = createPlainClient(url, 'a')
  const digest = await client.pushBlob(randomBytes(2_000_000))
  const { open } = await import('node:fs/promises')
  const file = await open(`${directory}/blobs/sha256/${digest.slice(7)}`, 'r+')
  await file.write(Buffer.from('flip'), 0, 4, 1_000_000)
  await file.close()
  const response = await client.send('GET', `blobs/${digest}`)
  await t.rejects(response.arrayBuffer())
})
