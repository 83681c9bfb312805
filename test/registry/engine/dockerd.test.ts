import { copyFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'tap'
import { pipe, run } from '../../../lib/graph/index.js'
import { parseOptions } from '../../../lib/options/parse-options.js'
import { directory } from '../../../lib/source/directory.js'
import { imageOf } from '../../../lib/source/image-of.js'
import { engineEnvironment, load } from '../../../lib/stages/load.js'
import { imageBlobs } from '../../../pipelines/image-blobs.js'
import { manifestOptions } from '../../../pipelines/options/manifest.js'
import { startDockerd } from '../../helpers/dockerd.js'
import { needs } from '../../helpers/peers.js'
import { temporaryDirectory } from '../../helpers/registry.js'

/** A program without libraries that Debian always has. */
const STATIC = '/sbin/ldconfig'

test(
  'dockerd loads and runs an image, and is not sent the same layers again',
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
  }
)
