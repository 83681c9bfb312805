import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { test } from 'tap'
import { loadedFiles } from '../helpers/loaded-files.js'

/** What comes with every run of the program: the command line. */
const ALWAYS = ['main', 'program', 'rolldown-runtime', 'start']

test('help and the version load what reads command lines and nothing else', async (t) => {
  for (const words of [['--version'], ['--help'], ['export', '--help']]) {
    t.same(await loadedFiles(words, t.testdir({})), ALWAYS)
  }
})

test('a directory is exported to an archive without what reads images, Dockerfiles and registries', async (t) => {
  const cwd = t.testdir({ app: { file: 'contents' } })
  const loaded = await loadedFiles(['export', 'app', '-o', 'type=oci,dest=app.tar'], cwd)
  t.same(loaded, [...ALWAYS, '@napi-rs/xattr', 'deflate-members', 'export', 'tar-stream', 'wasm-module'].toSorted())
})

test('an image, a Dockerfile and a registry load a few files each', async (t) => {
  const cwd = t.testdir({ app: { Dockerfile: 'FROM scratch\nCOPY Dockerfile /\n' } })
  const built = await loadedFiles(['build', 'app', '-o', 'type=oci,dest=app.tar'], cwd)
  for (const name of ['build', 'dockerfile-ast']) t.ok(built.includes(name), name)
  t.ok(built.length < 20, built.join(' '))
  const inspected = await loadedFiles(['inspect', 'oci-archive:app.tar'], cwd)
  t.ok(inspected.includes('zod'))
  t.ok(inspected.length < 20, inspected.join(' '))
})

test('what is as it was is asked for no attributes, and a build of it loads what reads Dockerfiles and records', async (t) => {
  const cwd = t.testdir({ app: { Dockerfile: 'FROM scratch\nCOPY Dockerfile /\n' } })
  await new Promise((resolve) => setTimeout(resolve, 100)) // what is new could change again and look the same
  for (const command of ['build', 'export']) {
    const words = [command, 'app', '--store', command, '-o', 'type=oci,dest=app.tar']
    t.ok((await loadedFiles(words, cwd)).includes('@napi-rs/xattr'), command)
    const again = await loadedFiles(words, cwd)
    t.notOk(again.includes('@napi-rs/xattr'), command)
    if (command === 'build')
      t.same(again, [...ALWAYS, 'build', 'dockerfile-ast', 'export', 'own-caches', 'stored-layers'].toSorted())
  }
})

test('what speaks to servers is loaded for a URL that ADD names, and for no other build', async (t) => {
  const server = createServer((_request, response) => void response.end('fetched'))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.teardown(() => server.close())
  const { port } = server.address() as AddressInfo
  const cwd = t.testdir({
    near: { Dockerfile: 'FROM scratch\nADD Dockerfile /\n' },
    far: { Dockerfile: `FROM scratch\nADD http://127.0.0.1:${port}/f /\n` }
  })
  const near = await loadedFiles(['build', 'near', '-o', 'type=oci,dest=app.tar'], cwd)
  t.notOk(near.includes('undici'))
  const far = await loadedFiles(['build', 'far', '-o', 'type=oci,dest=app.tar'], cwd)
  t.ok(far.includes('undici'))
})
