import { test } from 'tap'
import { readProxies } from '../../lib/registry/proxies.js'

test('a proxy without a scheme was "Invalid URL": it is one of HTTP', async (t) => {
  t.match(readProxies({ HTTP_PROXY: 'proxy.test:3128', HTTPS_PROXY: '10.0.0.1:3128' }), {
    http: 'http://proxy.test:3128',
    https: 'http://10.0.0.1:3128'
  })
  t.match(readProxies({ HTTP_PROXY: 'https://proxy.test', http_proxy: '' }), { http: '', https: '' })
})

test('a proxy that is no URL is an error that names the variable, and no password', async (t) => {
  for (const HTTPS_PROXY of ['http://me:secret@', 'me:secret@ proxy', 'ftp://me:secret@proxy.test']) {
    const reading = () => readProxies({ HTTPS_PROXY })
    t.throws(reading, { code: 'ERR_USAGE', message: /HTTPS_PROXY/ })
    t.throws(reading, { message: /^(?!.*secret)/ })
  }
})

test('networks of NO_PROXY were taken for names of hosts', async (t) => {
  const { spares } = readProxies({ NO_PROXY: 'registry.test, 10.0.0.0/8,fd00::/8 300.0.0.0/8,10.0.0.0/99' })
  for (const host of ['10.1.2.3', '[fd00::2]']) t.equal(spares(host), true, host)
  for (const host of ['11.1.2.3', '[fe80::2]', 'registry.test', '10.example.test']) t.equal(spares(host), false, host)
})
