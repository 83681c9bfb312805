import { createHash } from 'node:crypto'
import { cp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { type Test, test } from 'tap'
import { digestOf, hexOf } from '../../lib/blob/digest.js'
import { layerpipe } from '../helpers/command-here.js'
import { startTestRegistry } from '../helpers/registry.js'

const BODY = 'what is fetched'
const CHECKSUM = `sha256:${createHash('sha256').update(BODY).digest('hex')}`

/** Three machines with the same context, whose first stage fetches something; and how often it was fetched. */
async function prepare(t: Test) {
  let fetched = 0
  const server = createServer((_, response) => {
    fetched += 1
    response.setHeader('last-modified', 'Sat, 03 Feb 2001 04:05:06 GMT')
    response.end(BODY)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.teardown(() => server.close())
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/f`
  const first = ['FROM scratch AS tools', `ADD --checksum=${CHECKSUM} ${url} /fetched/`, 'COPY big /big/']
  const cwd = t.testdir({
    one: {
      Dockerfile: [...first, 'FROM scratch', 'COPY --from=tools /big/part /part', ''].join('\n'),
      Otherfile: [...first, 'FROM scratch', 'COPY --from=tools /fetched /', ''].join('\n'),
      big: { part: 'part', rest: 'rest'.repeat(9000) }
    }
  })
  for (const machine of ['two', 'three'])
    await cp(join(cwd, 'one'), join(cwd, machine), { recursive: true, preserveTimestamps: true })
  return { cwd, fetches: () => fetched }
}

async function build(cwd: string, machine: string, ...flags: string[]) {
  const outputs = ['--store', `store-${machine}`, '-o', `type=oci,dest=${machine}.tar`, '--progress', 'plain']
  const ran = await layerpipe(['build', ...outputs, '--iidfile', `${machine}.id`, ...flags, machine], { cwd })
  if (ran.code !== 0) throw new Error(ran.stderr)
  return { id: await readFile(join(cwd, `${machine}.id`), 'utf8'), stderr: ran.stderr }
}

/** Without any cache. */
async function buildCold(cwd: string, ...flags: string[]): Promise<string> {
  return (await build(cwd, 'three', '--no-cache', ...flags)).id
}

test('a machine finds what another one kept of all stages, in a directory and in a registry', async (t) => {
  const { host } = await startTestRegistry(t)
  const { cwd, fetches } = await prepare(t)
  const places = [
    { to: 'type=local,dest=shared', from: 'type=local,src=shared' },
    { to: `type=registry,ref=${host}/cache:max`, from: `type=registry,ref=${host}/cache:max` }
  ]
  const builds = { same: [], 'the first stage': ['--target', 'tools'], 'more of it': ['-f', 'two/Otherfile'] }
  const cold = new Map<string, string>()
  for (const [name, flags] of Object.entries(builds)) cold.set(name, await buildCold(cwd, ...flags))
  for (const { to, from } of places) {
    await rm(join(cwd, 'store-one'), { recursive: true, force: true })
    await build(cwd, 'one', '--cache-to', `${to},mode=max`)
    for (const [name, flags] of Object.entries(builds)) {
      const before = fetches()
      const warm = await build(cwd, 'two', '--cache-from', from, ...flags)
      t.equal(warm.id, cold.get(name), name)
      t.equal(fetches(), before, name)
      await rm(join(cwd, 'store-two'), { recursive: true })
    }
  }
})

test('min keeps the layers of the result, and max those of all stages and what they fetched', async (t) => {
  const { cwd } = await prepare(t)
  for (const mode of ['min', 'max']) await build(cwd, 'one', '--cache-to', `type=local,dest=${mode},mode=${mode}`)
  t.same([await countLayers(cwd, 'min'), await countLayers(cwd, 'max')], [1, 4])
  const made = await build(cwd, 'two', '--cache-from', 'type=local,src=max', '--target', 'tools')
  t.equal(made.stderr.match(/made before/g)?.length, 2)
  t.notMatch(made.stderr, /WARNING/)
})

async function countLayers(cwd: string, directory: string): Promise<number> {
  return (await readManifest(cwd, directory)).layers.length
}

interface CacheManifest {
  readonly layers: readonly { annotations: Record<string, string> }[]
}

async function readManifest(cwd: string, directory: string): Promise<CacheManifest> {
  const index = JSON.parse(await readFile(join(cwd, directory, 'index.json'), 'utf8'))
  return JSON.parse(await readFile(blobOf(cwd, directory, index.manifests[0].digest), 'utf8'))
}

const blobOf = (cwd: string, directory: string, digest: string) =>
  join(cwd, directory, 'blobs', digest.replace(':', '/'))

test('a cache that says something wrong, or whose blobs are damaged, costs work and nothing else', async (t) => {
  const { cwd } = await prepare(t)
  await build(cwd, 'one', '--cache-to', 'type=local,dest=shared,mode=max')
  const cold = await buildCold(cwd)
  const other = `sha256:${'0'.repeat(64)}`
  const lies: Readonly<Record<string, Record<string, string>>> = {
    'another diffID': { 'dev.layerpipe.cache.diff-id': other },
    'another time': { 'dev.layerpipe.cache.newest': '5' },
    'no key': { 'dev.layerpipe.cache.key': 'none' }
  }
  for (const [name, lie] of Object.entries(lies)) {
    await cp(join(cwd, 'shared'), join(cwd, 'lying'), { recursive: true })
    await rewrite(cwd, 'lying', lie)
    const warm = await build(cwd, 'two', '--cache-from', 'type=local,src=lying')
    t.equal(warm.id, cold, name)
    if (name !== 'no key') t.match(warm.stderr, /a layer in a build cache is not used/, name)
    for (const used of ['lying', 'store-two']) await rm(join(cwd, used), { recursive: true })
  }
  const manifest = await readFile(join(cwd, 'shared/index.json'), 'utf8')
  for (const name of await readdir(join(cwd, 'shared/blobs/sha256')))
    if (!manifest.includes(name)) await writeFile(join(cwd, 'shared/blobs/sha256', name), 'damaged', { flag: 'r+' })
  t.equal((await build(cwd, 'two', '--cache-from', 'type=local,src=shared')).id, cold)
})

/** Gives all layers of a cache other annotations. */
async function rewrite(cwd: string, directory: string, annotations: Record<string, string>): Promise<void> {
  const manifest = await readManifest(cwd, directory)
  for (const layer of manifest.layers) Object.assign(layer.annotations, annotations)
  const bytes = Buffer.from(JSON.stringify(manifest))
  const index = JSON.parse(await readFile(join(cwd, directory, 'index.json'), 'utf8'))
  Object.assign(index.manifests[0], { digest: digestOf(bytes), size: bytes.length })
  await writeFile(join(cwd, directory, 'blobs/sha256', hexOf(digestOf(bytes))), bytes)
  await writeFile(join(cwd, directory, 'index.json'), JSON.stringify(index))
}
