import { cp, readdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Test, test } from 'tap'
import { openStore } from '../../lib/blob/store.js'
import type { CacheLocation } from '../../lib/build/cache-storage.js'
import { openSharedCaches } from '../../lib/cli/shared-caches.js'
import { formatReference, parseReference } from '../../lib/image/reference.js'
import { createRegistryClient, type RegistryClient } from '../../lib/registry/client.js'
import { layerpipe } from '../helpers/command-here.js'
import { startTestRegistry } from '../helpers/registry.js'
import { buildWith } from './build-layers.js'

/** Two machines: the same context with the same times, and a store each. */
async function prepare(t: Test): Promise<string> {
  const cwd = t.testdir({ one: { Dockerfile: 'FROM scratch\nCOPY a /a/\nCOPY b /b\n', a: { x: 'x', y: 'y' }, b: 'b' } })
  await cp(join(cwd, 'one'), join(cwd, 'two'), { recursive: true, preserveTimestamps: true })
  return cwd
}

async function build(cwd: string, machine: string, ...flags: string[]) {
  const outputs = ['--store', `store-${machine}`, '-o', `type=oci,dest=${machine}.tar`, '--progress', 'plain']
  const ran = await layerpipe(['build', ...outputs, '--iidfile', `${machine}.id`, ...flags, machine], { cwd })
  if (ran.code !== 0) throw new Error(ran.stderr)
  return ran
}

test('machines share a cache in a directory and in a registry', async (t) => {
  const { host } = await startTestRegistry(t)
  const cwd = await prepare(t)
  const name = formatReference(parseReference(`${host}/team/cache:main`))
  const client = createRegistryClient()
  t.teardown(() => client.close())
  const places: readonly CacheLocation[] = [
    { type: 'local', directory: join(cwd, 'shared'), tag: 'latest', digest: null },
    { type: 'registry', name }
  ]
  const first = await shared(t, cwd, 'one', client, [], places)
  t.equal(first.opened, 2)
  for (const place of places) {
    const second = await shared(t, cwd, 'two', client, [place], [])
    t.same([second.opened, second.digests], [0, first.digests])
    await rm(join(cwd, 'store-two'), { recursive: true })
  }
})

async function shared(
  t: Test,
  cwd: string,
  machine: string,
  client: RegistryClient,
  from: readonly CacheLocation[],
  to: readonly CacheLocation[]
) {
  const { provide, finish } = openSharedCaches(
    {
      from,
      to: to.map((location) => ({ location, required: true })),
      mode: 'min',
      insecureHosts: [],
      warnings: []
    },
    { store: openStore(join(cwd, `store-${machine}`)), client, warn: t.fail }
  )
  const built = await buildWith(join(cwd, machine), provide)
  await finish()
  return built
}

test('a cache that is missing, unreachable or damaged is not used, with a note', async (t) => {
  const { host } = await startTestRegistry(t)
  const cwd = await prepare(t)
  await build(cwd, 'one', '--cache-to', 'type=local,dest=shared')
  for (const name of await readdir(join(cwd, 'shared/blobs/sha256'))) {
    await writeFile(join(cwd, 'shared/blobs/sha256', name), 'damaged')
  }
  for (const flag of [`${host}/team/none:1`, '127.0.0.1:1/x/y:1', 'type=local,src=shared']) {
    t.match((await build(cwd, 'two', '--cache-from', flag)).stderr, /a build cache is not used/)
  }
  t.match((await build(cwd, 'two', '--cache-to', 'type=local,dest=two/b/c')).stderr, /the build cache was not exported/)
  t.equal(
    (await build(cwd, 'two', '--cache-to', 'shared-name/x:1', '--cache-from', 'type=local,src=none', '--no-cache'))
      .code,
    0
  )
})

test('the digest of a cache in a registry was not looked at, and what is latest was taken or overwritten', async (t) => {
  const { host } = await startTestRegistry(t)
  const cwd = await prepare(t)
  await build(cwd, 'one', '--cache-to', `${host}/cache:latest`)
  const response = await fetch(`http://${host}/v2/cache/manifests/latest`)
  const there = `${host}/cache@${response.headers.get('docker-content-digest')}`
  const other = `${host}/cache@sha256:${'0'.repeat(64)}`
  t.match((await build(cwd, 'two', '--cache-from', other)).stderr, /a build cache is not used: .*HTTP 404/)
  t.notMatch((await build(cwd, 'two', '--cache-from', there)).stderr, /not used/)
  t.equal((await layerpipe(['build', '--cache-to', there, 'one'], { cwd })).code, 2)
})

test('what BuildKit says of caches was unknown', async (t) => {
  const cwd = await prepare(t)
  const to = 'type=local,dest=shared,tag=main,mode=max,image-manifest=true,oci-mediatypes=true,ignore-error=true'
  const first = await build(cwd, 'one', '--cache-to', `${to},compression=zstd,force-compression=true`)
  t.match(first.stderr, /WARNING: compression of a cache is not used: layers are cached as the outputs have them/)
  t.match(first.stderr, /WARNING: force-compression of a cache is not used/)
  t.match((await build(cwd, 'two', '--cache-from', 'type=local,src=shared')).stderr, /cache is not used: .*none/)
  await rm(join(cwd, 'store-two'), { recursive: true })
  t.match((await build(cwd, 'two', '--cache-from', 'type=local,src=shared,tag=main')).stderr, /CACHED/)
  const [image] = await openStore(join(cwd, 'shared')).images()
  await rm(join(cwd, 'store-two'), { recursive: true })
  const byDigest = `type=local,src=shared,digest=${image?.descriptor.digest}`
  t.match((await build(cwd, 'two', '--cache-from', byDigest)).stderr, /CACHED/)
  for (const refused of ['image-manifest=false', 'tag=-', 'digest=x', `digest=${image?.descriptor.digest}`]) {
    const { code, stderr } = await layerpipe(['build', '--cache-to', `type=local,dest=shared,${refused}`, 'one'], {
      cwd
    })
    t.equal(code, 2, refused)
    t.match(stderr, /expected/)
  }
})

test('flags that mean nothing are mistakes', async (t) => {
  const cwd = await prepare(t)
  for (const flag of ['type=gitlab', 'type=local', 'type=registry', 'type=local,scr=x', '']) {
    t.equal((await layerpipe(['build', '--cache-from', flag, 'one'], { cwd })).code, 2, flag)
  }
})

test('a cache of a type that only BuildKit has stopped the builds that would have read it', async (t) => {
  const cwd = await prepare(t)
  const { stderr } = await build(cwd, 'one', '--cache-from', 'type=gha,scope=main')
  t.match(stderr, /WARNING: --cache-from type=gha,scope=main is not used: caches are of type=registry or type=local\n/)
  const written = await layerpipe(['build', '--cache-to', 'type=gha', 'one'], { cwd })
  t.equal(written.code, 2)
  t.match(written.stderr, /expected registry or local, found "gha"/)
})

test('ignore-error=false was refused, and a cache that could not be written failed no build', async (t) => {
  const cwd = await prepare(t)
  await writeFile(join(cwd, 'file'), '')
  const failed = await layerpipe(['build', '--cache-to', 'type=local,dest=file/x,ignore-error=false', 'one'], { cwd })
  t.equal(failed.code, 1)
  t.match(failed.stderr, /layerpipe: .*file\/x/)
})

test('a warning about a cache was a line between the documents of rawjson', async (t) => {
  const cwd = await prepare(t)
  const { stderr } = await build(cwd, 'one', '--cache-from', 'type=local,src=none', '--progress', 'rawjson')
  const documents: readonly { warnings?: readonly { short: string }[] }[] = stderr
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
  const [warning] = documents.flatMap(({ warnings = [] }) => warnings)
  t.match(Buffer.from(warning?.short ?? '', 'base64').toString(), /a build cache is not used/)
})
