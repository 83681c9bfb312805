import { Readable } from 'node:stream'
import { test } from 'tap'
import { pipe, run, source } from '../../lib/graph/index.js'
import { registryResource } from '../../lib/registry/client.js'
import { createRegistryIndex } from '../../lib/registry/create-index.js'
import { RegistryError } from '../../lib/registry/problem.js'
import type { ImageBlob } from '../../lib/stages/items.js'
import { upload } from '../../lib/stages/upload.js'
import { imageBlobs } from '../helpers/image-blobs.js'
import { testClient } from '../helpers/push.js'
import { refuse } from '../helpers/quirks/uploads.js'
import { startTestRegistry } from '../helpers/registry.js'

test('an index that a registry refuses is an error that says so', async (t) => {
  const isIndex = refuse(403, ({ method, path }) => method === 'PUT' && path.endsWith('/manifests/index'), 'DENIED')
  const { host } = await startTestRegistry(t, { quirks: [isIndex] })
  const client = testClient(t)
  const image = source<null, ImageBlob>('image', () => Readable.from(imageBlobs(['layer'])))(null)
  const push = upload({ names: [`${host}/app:one`], pushByDigest: false, insecure: false })
  await run([pipe(image, push)], { provide: [registryResource.provide(client)] })
  const signal = new AbortController().signal
  const request = { client, name: `${host}/app:index`, sources: [`${host}/app:one`], insecure: false, signal }
  await t.rejects(createRegistryIndex(request), RegistryError)
})

test('an index whose name has a digest was made under none: it is refused', async (t) => {
  const { host } = await startTestRegistry(t)
  const { signal } = new AbortController()
  const name = `${host}/app@sha256:${'0'.repeat(64)}`
  const request = { client: testClient(t), name, sources: [`${host}/app:one`], insecure: false, signal }
  await t.rejects(createRegistryIndex(request), { code: 'ERR_USAGE', message: /a name with a tag/ })
})
