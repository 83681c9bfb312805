import { type Test, test } from 'tap'
import { findEngine } from '../../../lib/registry/engine/endpoint.js'
import { type Engine, openEngine } from '../../../lib/registry/engine/engine.js'
import { type EngineAnswer, startFakeEngine } from '../../helpers/fake-engine.js'

const CLASSIC: Readonly<Record<string, unknown>> = {
  '/info': { Driver: 'overlay2' },
  '/version': { Os: 'linux', Arch: 'arm64', Components: [{ Name: 'Engine' }] },
  '/images/json': [{ Id: 'one' }, { Id: 'gone' }],
  '/images/one/json': { RootFS: { Layers: ['sha256:a', 'sha256:b'] } }
}

async function engineThatSays(t: Test, documents: Readonly<Record<string, unknown>>): Promise<Engine> {
  const answer = (path: string): EngineAnswer =>
    path in documents ? { document: documents[path] } : { status: 404, document: { message: 'no such image' } }
  const engine = await openEngine(await findEngine({ DOCKER_HOST: await startFakeEngine(t, answer) }))
  t.teardown(() => engine.close())
  return engine
}

test('an engine says what it runs, and which layers it has', async (t) => {
  const engine = await engineThatSays(t, CLASSIC)
  t.same(await engine.platform(), { os: 'linux', architecture: 'arm64' })
  t.same(await engine.layers(), [['sha256:a', 'sha256:b'], []])
})

test('podman and engines with a store of containerd are not asked for layers', async (t) => {
  for (const other of [
    { '/version': { Components: [{ Name: 'Podman Engine' }] } },
    { '/info': { Driver: 'overlay2', DriverStatus: [['driver-type', 'io.containerd.snapshotter.v1']] } },
    { '/info': { Driver: 'windowsfilter' } }
  ]) {
    t.same(await (await engineThatSays(t, { ...CLASSIC, ...other })).layers(), [])
  }
})

test('rubbish from an engine was a TypeError or a SyntaxError: it says what was expected and found', async (t) => {
  for (const [path, rubbish] of [
    ['/info', 'null'],
    ['/info', '<html>'],
    ['/version', '7'],
    ['/images/json', '{"message":"who are you?"}'],
    ['/images/json', 'null']
  ] as const) {
    const engine = await engineThatSays(t, { ...CLASSIC, [path]: rubbish })
    const message = new RegExp(`^ask engine: unix://.* \\(DOCKER_HOST\\), ${path}: expected a .*, found `)
    await t.rejects(engine.layers(), { code: 'ERR_OUTPUT', message }, `${path} ${rubbish}`)
  }
})

test('fields of another type count as absent', async (t) => {
  const engine = await engineThatSays(t, {
    '/info': { Driver: 'vfs', DriverStatus: null },
    '/version': { Os: 7, Components: 'none' },
    '/images/json': [null, { Id: 7 }, { Id: 'one' }],
    '/images/one/json': { RootFS: { Layers: [7, 'sha256:a'] } }
  })
  t.same(await engine.platform(), { os: 'linux', architecture: 'amd64' })
  t.same(await engine.layers(), [['sha256:a']])
})
