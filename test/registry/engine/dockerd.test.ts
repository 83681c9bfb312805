import { copyFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'tap'
import { pipe, run } from '../../../lib/graph/index.js'
import { parseOptions } from '../../../lib/options/parse-options.js'
import { registryResource } from '../../../lib/registry/client.js'
import { directory } from '../../../lib/source/directory.js'
import { imageOf } from '../../../lib/source/image-of.js'
import { engineEnvironment, load } from '../../../lib/stages/load.js'
import { upload } from '../../../lib/stages/upload.js'
import { imageBlobs } from '../../../pipelines/image-blobs.js'
import { manifestOptions } from '../../../pipelines/options/manifest.js'
import { startDockerd } from '../../helpers/dockerd.js'
import { needs } from '../../helpers/peers.js'
import { testClient } from '../../helpers/push.js'
import { startTestRegistry, temporaryDirectory } from '../../helpers/registry.js'
import { createPlainClient } from '../../helpers/registry-client.js'

/** A program without libraries that Debian always has. */
const STATIC = '/sbin/ldconfig'

test(
  'dockerd loads and runs an image, is not sent the same layers again, and pulls from and pushes to the registry here',
  needs('dockerd', 'docker', STATIC),
  async (t) => {
    const engine = await startDockerd(t)
    if (typeof engine === 'string') {
      t.comment(`skipped: ${engine}`)
      return
    }
    const tree = await temporaryDirectory(t)
    await copyFile(STATIC, join(tree, 'program'))
    const changes = ['CMD ["/program","--version"]']
    const image = imageOf([directory({ path: tree, target: '' })], { platforms: [], changes, labels: {}, diff: false })
    const origin = { operation: 'test', subject: 'test', owner: 'test' }
    const options = parseOptions(manifestOptions, [{ key: 'compression', value: 'uncompressed' }], origin)
    const provide = [engineEnvironment.provide({ DOCKER_HOST: engine.host })]
    const loaded = async (name: string) => {
      const [receipt] = await run([pipe(imageBlobs(image, options, 'docker'), load({ names: [name] }))], { provide })
      t.match(await engine.docker('run', '--rm', '--network', 'none', name), /^ldconfig/)
      return receipt
    }
    const first = await loaded('docker.io/library/loaded:1')
    const second = await loaded('docker.io/library/loaded:2')
    t.same(first?.skipped, [])
    t.match(second?.skipped, ['1 of its layers that the engine had'])
    t.ok(first && second && second.bytes < first.bytes / 10)
    const { host } = await startTestRegistry(t)
    const target = { names: [`${host}/demo/app:1`], pushByDigest: false, insecure: false }
    await run([pipe(imageBlobs(image, options, 'oci'), upload(target))], {
      provide: [registryResource.provide(testClient(t))]
    })
    await engine.docker('pull', `${host}/demo/app:1`)
    t.match(await engine.docker('run', '--rm', '--network', 'none', `${host}/demo/app:1`), /^ldconfig/)
    await engine.docker('tag', `${host}/demo/app:1`, `${host}/demo/back:1`)
    await engine.docker('push', `${host}/demo/back:1`)
    t.equal((await createPlainClient(`http://${host}`, 'demo/back').send('HEAD', 'manifests/1')).status, 200)
  }
)
