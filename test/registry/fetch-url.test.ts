import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { type Test, test } from 'tap'
import type { RegistryClient } from '../../lib/registry/client.js'
import type { HttpResponse } from '../../lib/registry/transport.js'
import { testClient } from '../helpers/push.js'
import { startTestRegistry } from '../helpers/registry.js'
import { selfSigned } from '../helpers/self-signed.js'
import { startTunnel } from '../helpers/tunnel.js'

async function serve(t: Test, listener: RequestListener): Promise<string> {
  const server = createServer(listener)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.teardown(() => {
    server.close()
    server.closeAllConnections()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

const PURPOSE = { operation: 'download', subject: 'a file' }
const readBody = ({ body }: HttpResponse): Promise<string> => text(body)

function fetched(client: RegistryClient, url: string): Promise<string> {
  return client.fetch({ ...PURPOSE, url: new URL(url) }, readBody)
}

test('what may pass is tried again, with all of the reading; what may not is told at once', async (t) => {
  let count = 0
  const url = await serve(t, (request, response) => {
    count += 1
    if (request.url === '/missing') return response.writeHead(404).end('no')
    if (count === 1) return response.writeHead(503).end('later')
    if (count === 2) return response.writeHead(200, { 'content-length': '10' }).write('half', () => response.destroy())
    return response.end('all of it')
  })
  t.equal(await fetched(testClient(t), `${url}/file`), 'all of it')
  t.equal(count, 3)
  const missing = { code: 'ERR_INPUT', message: 'download: a file: expected success, found status 404' }
  await t.rejects(fetched(testClient(t), `${url}/missing`), missing)
  t.equal(count, 4)
})

test('a server that stops midway is given up after its deadline', async (t) => {
  const url = await serve(t, (_request, response) => void response.writeHead(200).write('half'))
  const deadlines = { stall: 1000 }
  const client = testClient(t, { deadlines, retry: { attempts: 1 } })
  await t.rejects(fetched(client, url), { code: 'ERR_INPUT', message: /Body Timeout/ })
})

test('redirects are followed, but not from HTTPS to HTTP', async (t) => {
  const tls = await selfSigned(t)
  const url = await serve(t, (request, response) => {
    if (request.url === '/here') response.end('here')
    else response.writeHead(302, { location: '/here' }).end()
  })
  t.equal(await fetched(testClient(t), `${url}/there`), 'here')
  const leave = async () => ({ status: 302, headers: { Location: `${url}/here` } })
  const secure = await startTestRegistry(t, { tls, quirks: [leave] })
  const client = testClient(t, { ca: [tls.certificate] })
  await t.rejects(fetched(client, secure.url), { code: 'ERR_INPUT', message: /expected a Location with https:/ })
})

test('a certificate that nobody signed is refused, unless its authority is given', async (t) => {
  const tls = await selfSigned(t)
  const { url } = await startTestRegistry(t, { tls })
  await t.rejects(fetched(testClient(t), `${url}/v2/`), { code: 'ERR_INPUT', message: /self-signed/ })
  t.equal(await fetched(testClient(t, { ca: [tls.certificate] }), `${url}/v2/`), '{}')
})

test('credentials in a URL go to its server, and to no other', async (t) => {
  const other = await serve(t, (request, response) => void response.end(`${request.headers.authorization}`))
  const url = await serve(t, (request, response) => {
    if (request.url === '/there') response.writeHead(302, { location: other }).end()
    else response.end(request.headers.authorization)
  })
  const own = url.replace('//', '//me:p%40ss@')
  t.equal(await fetched(testClient(t), own), `Basic ${Buffer.from('me:p@ss').toString('base64')}`)
  t.equal(await fetched(testClient(t), `${own}/there`), 'undefined')
})

test('a proxy is asked for other hosts', async (t) => {
  const url = await serve(t, (_request, response) => void response.end('from afar'))
  const HTTP_PROXY = await startTunnel(t, Number(new URL(url).port))
  t.intercept(process, 'env', { value: { ...process.env, HTTP_PROXY, NO_PROXY: '' } })
  t.equal(await fetched(testClient(t), 'http://far.invalid/file'), 'from afar')
})

test('a fetch that is aborted ends with the reason', async (t) => {
  const url = await serve(t, (_request, response) => void response.writeHead(200).write('half'))
  const controller = new AbortController()
  const fetching = testClient(t).fetch({ ...PURPOSE, url: new URL(url), signal: controller.signal }, (answer) => {
    controller.abort(new Error('enough'))
    return readBody(answer)
  })
  await t.rejects(fetching, { message: 'enough' })
})
