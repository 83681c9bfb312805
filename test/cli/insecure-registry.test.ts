import { type Test, test } from 'tap'
import { layerpipe } from '../helpers/command-here.js'
import { startTestRegistry } from '../helpers/registry.js'
import { startTunnel } from '../helpers/tunnel.js'

async function startFarRegistry(t: Test) {
  const { host } = await startTestRegistry(t)
  const proxy = await startTunnel(t, Number(host.split(':')[1]))
  const proxies = { HTTP_PROXY: proxy, HTTPS_PROXY: proxy, NO_PROXY: '' }
  return { host, env: { ...proxies, http_proxy: proxy, https_proxy: proxy, no_proxy: '' } }
}

test('only outputs could name a registry of plain HTTP: sources and their bases come from one, too', async (t) => {
  const cwd = t.testdir({ app: { a: 'a' }, Dockerfile: 'FROM far.invalid:5000/app:1\nCOPY app /b\n' })
  const { host, env } = await startFarRegistry(t)
  const run = (...words: readonly string[]) => layerpipe(words, { cwd, env })
  const pushed = await run('export', 'dir:app', '-o', `type=registry,name=${host}/app:1`)
  t.equal(pushed.code, 0, pushed.stderr)
  const refused = await run('inspect', 'docker://far.invalid:5000/app:1')
  t.equal(refused.code, 1, refused.stderr)
  const inspected = await run('inspect', 'docker://far.invalid:5000/app:1', '--insecure-registry', 'far.invalid:5000')
  t.equal(inspected.code, 0, inspected.stderr)
  const built = await run('build', '.', '-o', 'out', '--insecure-registry', 'far.invalid:5000')
  t.equal(built.code, 0, built.stderr)
})

test('registry.insecure of a cache was an unknown attribute', async (t) => {
  const cwd = t.testdir({ app: { Dockerfile: 'FROM scratch\nCOPY a /\n', a: 'a' } })
  const { env } = await startFarRegistry(t)
  const cache = 'type=registry,ref=far.invalid:5000/cache:1,ignore-error=false'
  const build = (to: string) => layerpipe(['build', '--cache-to', to, 'app'], { cwd, env })
  t.equal((await build(cache)).code, 1)
  const cached = await build(`${cache},registry.insecure=true`)
  t.equal(cached.code, 0, cached.stderr)
})
