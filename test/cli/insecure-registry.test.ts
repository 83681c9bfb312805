import { test } from 'tap'
import { layerpipe } from '../helpers/command.js'
import { startTestRegistry } from '../helpers/registry.js'
import { startTunnel } from '../helpers/tunnel.js'

test('only outputs could name a registry of plain HTTP: sources and their bases come from one, too', async (t) => {
  const cwd = t.testdir({ app: { a: 'a' }, Dockerfile: 'FROM far.invalid:5000/app:1\nCOPY app /b\n' })
  const { host } = await startTestRegistry(t)
  const proxy = await startTunnel(t, Number(host.split(':')[1]))
  const env = {
    HTTP_PROXY: proxy,
    HTTPS_PROXY: proxy,
    NO_PROXY: '',
    http_proxy: proxy,
    https_proxy: proxy,
    no_proxy: ''
  }
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
