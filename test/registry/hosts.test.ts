import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import { test } from 'tap'
import { isLoopback } from '../../lib/registry/hosts.js'
import { fetchManifest } from '../../lib/registry/manifests.js'
import { push, testClient } from '../helpers/push.js'
import { startTestRegistry } from '../helpers/registry.js'
import { selfSigned } from '../helpers/self-signed.js'
import { startTunnel } from '../helpers/tunnel.js'

test('this machine is what loopback addresses name, and nothing else', async (t) => {
  for (const name of ['localhost', '127.0.0.1', '127.8.9.10', '[::1]']) t.ok(isLoopback(name), name)
  for (const name of ['localhost.evil', '127.0.0.1.evil', '128.0.0.1', '10.0.0.1', 'xlocalhost'])
    t.notOk(isLoopback(name), name)
})

test('TLS: a certificate nobody signed is refused, unless it is given or the host is insecure', async (t) => {
  const tls = await selfSigned(t)
  const { host } = await startTestRegistry(t, { tls })
  const unsigned = fetchManifest(testClient(t).remote({ host, repository: 'a' }), '1')
  await t.rejects(unsigned, { code: 'ERR_REGISTRY', message: /--ca/ })
  const answered = { code: 'ERR_REGISTRY', message: /HTTP 404/ }
  await t.rejects(
    fetchManifest(testClient(t, { ca: [tls.certificate] }).remote({ host, repository: 'a' }), '1'),
    answered
  )
  await t.rejects(fetchManifest(testClient(t, { insecure: [host] }).remote({ host, repository: 'a' }), '1'), answered)
  await t.rejects(fetchManifest(testClient(t).remote({ host, repository: 'a' }, true), '1'), answered)
})

test('a host where nobody listens, and one that is not there, are errors that say so at once', async (t) => {
  const client = testClient(t)
  const gone = await startTestRegistry(t)
  await gone.close()
  await t.rejects(fetchManifest(client.remote({ host: gone.host, repository: 'a' }), '1'), {
    message: /Nobody listens/
  })
  await t.rejects(fetchManifest(client.remote({ host: 'no.such.host.invalid', repository: 'a' }), '1'), {
    code: 'ERR_REGISTRY'
  })
})

test('who gave up while a connection was made waited for its deadline', async (t) => {
  const controller = new AbortController()
  const silent = createServer((socket) => {
    t.teardown(() => socket.destroy())
    controller.abort(new Error('enough'))
  }).listen(0, '127.0.0.1')
  await once(silent, 'listening')
  t.teardown(() => silent.close())
  const client = testClient(t, { deadlines: { connect: 600_000, headers: 10_000, stall: 10_000 } })
  const { port } = silent.address() as AddressInfo
  const remote = client.remote({ host: `127.0.0.1:${port}`, repository: 'a' })
  await t.rejects(fetchManifest(remote, '1', controller.signal), { message: 'enough' })
})

test('what speaks no HTTP was an error that did not name it', async (t) => {
  const rubbish = createServer((socket) => void socket.on('error', () => {}).end('rubbish\r\n\r\n')).listen(
    0,
    '127.0.0.1'
  )
  await once(rubbish, 'listening')
  t.teardown(() => rubbish.close())
  const { port } = rubbish.address() as AddressInfo
  const host = `127.0.0.1:${port}`
  await t.rejects(fetchManifest(testClient(t).remote({ host, repository: 'a' }), '1'), {
    code: 'ERR_REGISTRY',
    message: new RegExp(`get manifest: ${host}/a:1: .*check that`, 'i')
  })
})

test('HTTP_PROXY and HTTPS_PROXY are used for other hosts, NO_PROXY and this machine are not', async (t) => {
  const { host } = await startTestRegistry(t)
  const asked: string[] = []
  const url = await startTunnel(t, Number(host.split(':')[1]), (each) => asked.push(each))
  t.intercept(process, 'env', {
    value: { ...process.env, HTTP_PROXY: url, HTTPS_PROXY: url, NO_PROXY: 'spared.invalid' }
  })
  const client = testClient(t)
  await t.rejects(fetchManifest(client.remote({ host: 'far.invalid', repository: 'a' }, true), '1'), {
    message: /HTTP 404/
  })
  await t.rejects(fetchManifest(client.remote({ host, repository: 'a' }), '1'), { message: /HTTP 404/ })
  await t.rejects(fetchManifest(client.remote({ host: 'spared.invalid', repository: 'a' }), '1'))
  t.same([...new Set(asked)], ['far.invalid:443', 'far.invalid'])
})

test('plain HTTP went through tunnels, which proxies only make to the port of HTTPS', async (t) => {
  const { host } = await startTestRegistry(t)
  const url = await startTunnel(t, Number(host.split(':')[1]))
  t.intercept(process, 'env', { value: { ...process.env, HTTP_PROXY: url, HTTPS_PROXY: url, NO_PROXY: '' } })
  const bytes = Buffer.from('through a proxy')
  const remote = testClient(t).remote({ host: 'far.invalid:5000', repository: 'a' }, true)
  t.equal(await push(remote, bytes), 'sent')
  t.equal(await push(remote, bytes), 'present')
})

test('HTTPS went through the proxy of HTTP where HTTPS has none', async (t) => {
  const { host } = await startTestRegistry(t)
  const asked: string[] = []
  const url = await startTunnel(t, Number(host.split(':')[1]), (each) => asked.push(each))
  t.intercept(process, 'env', { value: { ...process.env, HTTP_PROXY: url, HTTPS_PROXY: '', NO_PROXY: '' } })
  const client = testClient(t)
  await t.rejects(fetchManifest(client.remote({ host: 'far.invalid', repository: 'a' }), '1'), {
    message: /far.invalid/
  })
  t.same(asked, [])
})
