import { randomBytes } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { hash } from 'bcryptjs'
import { test } from 'tap'
import { digestOf } from '../../../lib/blob/digest.js'
import { startTestRegistry, temporaryDirectory } from '../../helpers/registry.js'
import { createPlainClient, errorCode, sampleManifest } from '../../helpers/registry-client.js'
import { selfSigned } from '../../helpers/self-signed.js'

test('Deleting tags: the manifest stays', async (t) => {
  const { url } = await startTestRegistry(t)
  const client = createPlainClient(url, 'a')
  for (const tag of ['one', 'two']) await client.putManifest(tag, sampleManifest())
  t.equal((await client.send('DELETE', 'manifests/one')).status, 202)
  t.equal((await client.send('GET', 'manifests/one')).status, 404)
  t.equal((await client.send('GET', 'manifests/two')).status, 200)
  t.equal((await client.send('DELETE', 'manifests/one')).status, 404)
})

test('Deleting Manifests: takes its tags with it', async (t) => {
  const { url } = await startTestRegistry(t)
  const client = createPlainClient(url, 'a')
  for (const tag of ['one', 'two']) await client.putManifest(tag, sampleManifest())
  const digest = digestOf(JSON.stringify(sampleManifest()))
  t.equal((await client.send('DELETE', `manifests/${digest}`)).status, 202)
  for (const reference of ['one', 'two', digest]) {
    t.equal((await client.send('GET', `manifests/${reference}`)).status, 404, reference)
  }
  t.same(await (await client.send('GET', 'tags/list')).json(), { name: 'a', tags: [] })
})

test('Deleting Blobs: gone here, still there in another repository', async (t) => {
  const { url } = await startTestRegistry(t)
  const client = createPlainClient(url, 'a')
  const digest = await client.pushBlob(Buffer.from('shared'))
  await createPlainClient(url, 'b').pushBlob(Buffer.from('shared'))
  t.equal((await client.send('DELETE', `blobs/${digest}`)).status, 202)
  t.equal((await client.send('GET', `blobs/${digest}`)).status, 404)
  t.equal((await client.send('DELETE', `blobs/${digest}`)).status, 404)
  t.equal((await createPlainClient(url, 'b').send('GET', `blobs/${digest}`)).status, 200)
})

test('a read-only registry is pulled from and not changed', async (t) => {
  const { url, directory } = await startTestRegistry(t)
  await createPlainClient(url, 'a').putManifest('1', sampleManifest())
  const readOnly = createPlainClient((await startTestRegistry(t, { directory, readOnly: true })).url, 'a')
  t.equal((await readOnly.send('GET', 'manifests/1')).status, 200)
  const attempts = [
    await readOnly.putManifest('2', sampleManifest()),
    await readOnly.send('POST', 'blobs/uploads/'),
    await readOnly.send('DELETE', 'manifests/1')
  ]
  for (const response of attempts) t.match([response.status, await errorCode(response)], [405, 'UNSUPPORTED'])
})

test('with htpasswd only its users get in', async (t) => {
  const path = join(await temporaryDirectory(t), 'htpasswd')
  await writeFile(path, `# users\nme:${await hash('pass:word', 4)}\n`)
  const { url } = await startTestRegistry(t, { htpasswd: path })
  const get = (credentials?: string): Promise<Response> => {
    const Authorization = `Basic ${Buffer.from(credentials ?? '').toString('base64')}`
    return fetch(`${url}/v2/`, { headers: credentials === undefined ? {} : { Authorization } })
  }
  for (const wrong of [undefined, 'me:wrong', 'you:pass:word', 'me', '']) {
    const response = await get(wrong)
    t.equal(response.status, 401, String(wrong))
    t.equal(response.headers.get('www-authenticate'), 'Basic realm="layerpipe"')
  }
  t.equal((await get('me:pass:word')).status, 200)
  t.equal((await get('me:pass:word')).status, 200)
  await writeFile(path, 'me:{SHA}notbcrypt\n')
  await t.rejects(startTestRegistry(t, { htpasswd: path }), /htpasswd, line 1/)
  await t.rejects(startTestRegistry(t, { htpasswd: `${path}.none` }), {
    code: 'ERR_INPUT',
    message: /read htpasswd file/
  })
})

test('a certificate that is none, and a key of another one, were errors that did not say what was wrong', async (t) => {
  const [own, other] = [await selfSigned(t), await selfSigned(t)]
  for (const certificate of [other.certificate, 'none']) {
    const tls = { certificate, key: own.key }
    await t.rejects(startTestRegistry(t, { tls }), { code: 'ERR_INPUT', message: /serve HTTPS: certificate and key/ })
  }
})

test('an upload goes on after the registry was ended and started again', async (t) => {
  const first = await startTestRegistry(t)
  const bytes = randomBytes(3_000_000)
  const location = new URL(await createPlainClient(first.url, 'a').begin())
  await fetch(location, { method: 'PATCH', body: bytes.subarray(0, 2_000_000) })
  await first.close()
  const client = createPlainClient((await startTestRegistry(t, { directory: first.directory })).url, 'a')
  const status = await client.send('GET', location.pathname)
  t.equal(status.headers.get('range'), '0-1999999')
  const put = await client.send('PUT', `${location.pathname}?digest=${digestOf(bytes)}`, {
    body: bytes.subarray(2_000_000)
  })
  t.equal(put.status, 201)
})

test('what came before a broken connection is kept', async (t) => {
  const { url } = await startTestRegistry(t)
  const client = createPlainClient(url, 'a')
  const bytes = randomBytes(3_000_000)
  const location = await client.begin()
  const body = new ReadableStream({
    start(controller) {
      controller.enqueue(bytes.subarray(0, 1_000_000))
    },
    pull(controller) {
      setTimeout(() => controller.error(new Error('cut')), 50)
    }
  })
  await t.rejects(client.send('PATCH', location, { body, duplex: 'half' } as RequestInit))
  const range = (await client.send('GET', location)).headers.get('range')
  const offset = Number(range?.slice(2)) + 1
  t.equal(offset, 1_000_000)
  const put = await client.send('PUT', `${location}?digest=${digestOf(bytes)}`, { body: bytes.subarray(offset) })
  t.equal(put.status, 201)
})

test('unknown endpoints and methods are refused in the words of the specification', async (t) => {
  const { url } = await startTestRegistry(t)
  t.equal((await fetch(`${url}/v2/a/nonsense/b`)).status, 404)
  t.equal((await fetch(`${url}/else`)).status, 404)
  const response = await fetch(`${url}/v2/a/manifests/1`, { method: 'POST' })
  t.match([response.status, response.headers.get('allow')], [405, 'GET, PUT, DELETE'])
})
