import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'tap'
import { digestOf } from '../../../lib/blob/digest.js'
import { findEngine } from '../../../lib/registry/engine/endpoint.js'
import { openEngine } from '../../../lib/registry/engine/engine.js'
import { temporaryDirectory } from '../../helpers/registry.js'

test('DOCKER_HOST goes first, then the context, then podman and the usual sockets', async (t) => {
  const home = await temporaryDirectory(t)
  const context = (name: string): string => join(home, '.docker', 'contexts', 'meta', digestOf(name).slice(7))
  await mkdir(context('far'), { recursive: true })
  await writeFile(join(context('far'), 'meta.json'), '{"Endpoints":{"docker":{"Host":"tcp://far:2375"}}}')
  const hrefOf = async (environment: NodeJS.ProcessEnv) => (await findEngine({ HOME: home, ...environment })).url.href
  t.equal(await hrefOf({ DOCKER_HOST: 'unix:///x.sock', DOCKER_CONTEXT: 'far' }), 'unix:///x.sock')
  t.equal(await hrefOf({ DOCKER_CONTEXT: 'far', CONTAINER_HOST: 'unix:///p.sock' }), 'tcp://far:2375')
  t.equal(await hrefOf({ CONTAINER_HOST: 'unix:///p.sock' }), 'unix:///p.sock')
  await writeFile(join(home, '.docker', 'config.json'), '{"currentContext":"far"}')
  t.equal(await hrefOf({}), 'tcp://far:2375')
  t.equal(await hrefOf({ DOCKER_CONTEXT: 'default', CONTAINER_HOST: 'unix:///p.sock' }), 'unix:///p.sock')
  await t.rejects(hrefOf({ DOCKER_CONTEXT: 'none' }), { code: 'ERR_USAGE', message: /docker context none/ })
  await t.rejects(hrefOf({ DOCKER_HOST: 'ssh://me@far' }), { code: 'ERR_USAGE', message: /ssh -L/ })
  await mkdir(join(home, 'podman'))
  await writeFile(join(home, 'podman', 'podman.sock'), '')
  t.equal(await hrefOf({ DOCKER_CONTEXT: 'default', XDG_RUNTIME_DIR: home }), `unix://${home}/podman/podman.sock`)
})

test('an engine that is not there is an error that names its socket and what led to it', async (t) => {
  const socket = join(await temporaryDirectory(t), 'none.sock')
  const engine = await openEngine(await findEngine({ DOCKER_HOST: `unix://${socket}` }))
  t.teardown(() => engine.close())
  await t.rejects(engine.platform(), { code: 'ERR_OUTPUT', message: /none\.sock \(DOCKER_HOST\).*ENOENT/ })
})
