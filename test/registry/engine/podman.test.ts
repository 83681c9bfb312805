import { spawn, spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { setTimeout as wait } from 'node:timers/promises'
import { type Test, test } from 'tap'
import { messageOf } from '../../../lib/errors.js'
import { pipe, run, source } from '../../../lib/graph/index.js'
import { parseOptions } from '../../../lib/options/parse-options.js'
import { registryResource } from '../../../lib/registry/client.js'
import { directory } from '../../../lib/source/directory.js'
import { imageOf } from '../../../lib/source/image-of.js'
import type { ImageBlob } from '../../../lib/stages/items.js'
import { engineEnvironment, load } from '../../../lib/stages/load.js'
import { upload } from '../../../lib/stages/upload.js'
import { imageBlobs } from '../../../pipelines/image-blobs.js'
import { manifestOptions } from '../../../pipelines/options/manifest.js'
import { imageBlobs as rubbishBlobs } from '../../helpers/image-blobs.js'
import { needs, runPeer } from '../../helpers/peers.js'
import { testClient } from '../../helpers/push.js'
import { startTestRegistry, temporaryDirectory } from '../../helpers/registry.js'

/** Podman's service on a socket of its own, or why there is none. */
async function startPodman(t: Test) {
  if (process.getuid?.() !== 0) return 'podman needs root here'
  const at = await temporaryDirectory(t)
  const storage = ['--root', join(at, 'root'), '--runroot', join(at, 'run'), '--storage-driver', 'vfs']
  const socket = join(at, 'podman.sock')
  const child = spawn('podman', [...storage, 'system', 'service', '--time', '0', `unix://${socket}`], {
    stdio: 'ignore'
  })
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()))
  t.teardown(async () => {
    child.kill('SIGKILL')
    await ended
  })
  for (let count = 0; count < 150 && child.exitCode === null && !existsSync(socket); count += 1) await wait(100)
  if (!existsSync(socket)) return 'podman does not start here'
  return {
    host: `unix://${socket}`,
    storage,
    podman: (...more: string[]) => spawnSync('podman', [...storage, ...more], { encoding: 'utf8' })
  }
}

test(
  'podman loads an image, pulls it from the registry here, and what it says of a bad one is shown',
  needs('podman'),
  async (t) => {
    const engine = await startPodman(t)
    if (typeof engine === 'string') {
      t.comment(`skipped: ${engine}`)
      return
    }
    const provide = [engineEnvironment.provide({ DOCKER_HOST: engine.host })]
    const request = { platforms: [], changes: ['LABEL loaded=yes'], labels: {}, diff: false }
    const image = imageOf([directory({ path: import.meta.dirname, target: 'tests' })], request)
    const origin = { operation: 'test', subject: 'test', owner: 'test' }
    const options = parseOptions(manifestOptions, [{ key: 'compression', value: 'uncompressed' }], origin)
    const loading = pipe(imageBlobs(image, options, 'docker'), load({ names: ['docker.io/library/loaded:1'] }))
    await run([loading], { provide })
    t.match(engine.podman('image', 'inspect', 'loaded:1').stdout, /"loaded": "yes"/)
    const bad = source<null, ImageBlob>('bad', () => Readable.from(rubbishBlobs(['no tar'])))(null)
    const said = await run([pipe(bad, load({ names: ['docker.io/library/bad:1'] }))], { provide }).then(
      () => '',
      messageOf
    )
    t.match(said, /load image: engine at unix:.*podman\.sock/)
    const { host } = await startTestRegistry(t)
    const target = { names: [`${host}/demo/app:1`], pushByDigest: false, insecure: false }
    await run([pipe(imageBlobs(image, options, 'oci'), upload(target))], {
      provide: [registryResource.provide(testClient(t))]
    })
    await runPeer('podman', ...engine.storage, 'pull', '--quiet', '--tls-verify=false', `${host}/demo/app:1`)
    t.match(engine.podman('image', 'inspect', `${host}/demo/app:1`).stdout, /"loaded": "yes"/)
  }
)
