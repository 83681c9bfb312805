import { randomBytes } from 'node:crypto'
import { chmod, mkdir, readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { hash } from 'bcryptjs'
import { type Test, test } from 'tap'
import { type Node, pipe, run } from '../../lib/graph/index.js'
import { parseOptions } from '../../lib/options/parse-options.js'
import { type RegistryClient, registryResource } from '../../lib/registry/client.js'
import { createRegistryIndex } from '../../lib/registry/create-index.js'
import type { Quirk } from '../../lib/registry/server/index.js'
import { directory } from '../../lib/source/directory.js'
import { imageOf } from '../../lib/source/image-of.js'
import { registryImage } from '../../lib/source/registry.js'
import type { ImageEnd, LayerSource, Receipt } from '../../lib/stages/items.js'
import { upload } from '../../lib/stages/upload.js'
import { imageBlobs } from '../../pipelines/image-blobs.js'
import { manifestOptions } from '../../pipelines/options/manifest.js'
import { startDockerRegistry } from '../helpers/docker-registry.js'
import { needs, runPeer } from '../helpers/peers.js'
import { testClient } from '../helpers/push.js'
import { startTestRegistry, temporaryDirectory } from '../helpers/registry.js'
import { createPlainClient } from '../helpers/registry-client.js'

const origin = { operation: 'test', subject: 'test', owner: 'test' }

type Image = Node<LayerSource | ImageEnd>

async function pushed(
  client: RegistryClient,
  image: Image,
  name: string,
  compression = 'gzip',
  force = false
): Promise<Receipt> {
  const fields = [
    { key: 'compression', value: compression },
    { key: 'force-compression', value: String(force) }
  ]
  const blobs = imageBlobs(image, parseOptions(manifestOptions, fields, origin), 'oci')
  const options = { names: [name], pushByDigest: !/:[^/]*$/.test(name), insecure: false }
  const [receipt] = await run([pipe(blobs, upload(options))], { provide: [registryResource.provide(client)] })
  if (!receipt) throw new Error('there is no receipt')
  return receipt
}

async function sampleTree(t: Test): Promise<{ readonly tree: string; readonly image: Image }> {
  const tree = await temporaryDirectory(t)
  await mkdir(join(tree, 'etc'))
  await writeFile(join(tree, 'etc', 'hello'), 'hello')
  await writeFile(join(tree, 'large'), randomBytes(3_000_000))
  await chmod(join(tree, 'etc', 'hello'), 0o4711)
  return {
    tree,
    image: imageOf([directory({ path: tree, target: '' })], { platforms: [], changes: [], labels: {}, diff: false })
  }
}

const lenient = { deadlines: { connect: 5000, headers: 20_000, stall: 20_000 }, chunk: 1_000_000 }
const registries: Readonly<Record<string, (t: Test) => Promise<string>>> = {
  'docker-registry': (t) => startDockerRegistry(t),
  'layerpipe serve': async (t) => (await startTestRegistry(t)).host
}

for (const [name, start] of Object.entries(registries)) {
  const peers = needs(...(name === 'docker-registry' ? ['docker-registry'] : []), 'skopeo', 'umoci')

  test(`${name}: what was pushed is pulled by skopeo and unpacked by umoci`, peers, async (t) => {
    const host = await start(t)
    const client = testClient(t, lenient)
    const { image } = await sampleTree(t)
    const first = await pushed(client, image, `${host}/a/b:1`)
    const again = await pushed(client, image, `${host}/a/b:1`)
    t.same([first.bytes > 3_000_000, again.bytes, again.skipped], [true, 0, ['2 blobs that the registry had']])
    const out = await temporaryDirectory(t)
    await runPeer('skopeo', 'copy', '--src-tls-verify=false', `docker://${host}/a/b:1`, `oci:${out}/layout:1`)
    await runPeer('umoci', 'unpack', '--rootless', '--image', `${out}/layout:1`, `${out}/bundle`)
    t.equal(await readFile(`${out}/bundle/rootfs/etc/hello`, 'utf8'), 'hello')
    t.equal((await stat(`${out}/bundle/rootfs/etc/hello`)).mode & 0o7777, 0o4711)
  })

  test(`${name}: a copy within it mounts the layers and fetches none of them`, peers, async (t) => {
    const host = await start(t)
    const client = testClient(t, lenient)
    const { image } = await sampleTree(t)
    const first = await pushed(client, image, `${host}/a:1`)
    const copy = await pushed(client, registryImage({ name: `${host}/a:1`, platforms: 'all' }), `${host}/b:1`)
    t.equal(copy.descriptor?.digest, first.descriptor?.digest)
    t.same(copy.skipped, ['1 blob mounted from another repository'])
    t.ok(copy.bytes < 3000)
  })

  test(`${name}: images pushed by digest become one index, which is deleted again`, peers, async (t) => {
    const host = await start(t)
    const client = testClient(t, lenient)
    const { image } = await sampleTree(t)
    const gzip = await pushed(client, image, `${host}/a`)
    const elsewhere = await pushed(client, image, `${host}/b`, 'zstd')
    const sources = [`${host}/a@${gzip.descriptor?.digest}`, `docker://${host}/b@${elsewhere.descriptor?.digest}`]
    const { signal } = new AbortController()
    const index = await createRegistryIndex({ name: `${host}/a:multi`, sources, insecure: false, client, signal })
    const { stdout } = await runPeer('skopeo', 'inspect', '--raw', '--tls-verify=false', `docker://${host}/a:multi`)
    const manifests = (JSON.parse(stdout) as { manifests: { digest: string; platform: object }[] }).manifests
    t.same(
      manifests.map(({ digest }) => digest),
      [gzip.descriptor?.digest, elsewhere.descriptor?.digest]
    )
    t.match(manifests[0]?.platform, { os: 'linux' })
    const plain = createPlainClient(`http://${host}`, 'a')
    t.equal((await plain.send('DELETE', `manifests/${index.digest}`)).status, 202)
    t.equal((await plain.send('GET', 'manifests/multi')).status, 404)
  })
}

test(
  'an image is recompressed from registry to registry, its base fetched once',
  needs('docker-registry'),
  async (t) => {
    let fetched = 0
    const count: Quirk = (request, next) => {
      if (request.method === 'GET' && request.path.includes('/blobs/') && !request.headers.range) fetched += 1
      return next(request)
    }
    const from = (await startTestRegistry(t, { quirks: [count] })).host
    const to = await startDockerRegistry(t)
    const client = testClient(t, lenient)
    const { image } = await sampleTree(t)
    await pushed(client, image, `${from}/a:1`)
    fetched = 0
    const source = registryImage({ name: `${from}/a:1`, platforms: 'all' })
    const copy = await pushed(client, source, `${to}/a:zstd`, 'zstd', true)
    t.ok(copy.bytes > 3_000_000)
    t.equal(fetched, 2, 'the config and the layer; what codec it has is told by its first bytes')
  }
)

test(
  'docker-registry with htpasswd: with the password everything works, without it one error',
  needs('docker-registry'),
  async (t) => {
    const path = join(await temporaryDirectory(t), 'htpasswd')
    await writeFile(path, `me:${await hash('a-pass-word', 5)}\n`)
    const host = await startDockerRegistry(t, path)
    const credentials = async () => ({ kind: 'password', user: 'me', password: 'a-pass-word' }) as const
    const { image } = await sampleTree(t)
    const receipt = await pushed(testClient(t, { ...lenient, credentials }), image, `${host}/a:1`)
    t.ok(receipt.bytes > 3_000_000)
    await t.rejects(pushed(testClient(t, lenient), image, `${host}/a:1`), {
      code: 'ERR_REGISTRY',
      message: /HTTP 401/
    })
  }
)
