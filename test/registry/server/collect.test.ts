import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'tap'
import { digestOf } from '../../../lib/blob/digest.js'
import { collectRegistry } from '../../../lib/registry/server/collect.js'
import { startTestRegistry } from '../../helpers/registry.js'
import { createPlainClient, INDEX, sampleManifest } from '../../helpers/registry-client.js'

const layer = { mediaType: 'application/vnd.oci.image.layer.v1.tar', digest: digestOf('layer'), size: 5 }

test('what no manifest refers to is collected, the rest stays, tagged or not', async (t) => {
  const { url, directory } = await startTestRegistry(t)
  const client = createPlainClient(url, 'a/b')
  for (const text of ['{}', 'layer', 'nobody refers to it']) await client.pushBlob(Buffer.from(text))
  const image = sampleManifest({ layers: [layer] })
  await client.putManifest(digestOf(JSON.stringify(image)), image)
  t.match(await collectRegistry(directory, 0), { removed: 1, bytes: 'nobody refers to it'.length, kept: 3 })
  t.equal((await client.send('HEAD', `blobs/${digestOf('nobody refers to it')}`)).status, 404)
  for (const text of ['{}', 'layer']) t.equal((await client.send('HEAD', `blobs/${digestOf(text)}`)).status, 200)
  await client.send('DELETE', `manifests/${digestOf(JSON.stringify(image))}`)
  t.match(await collectRegistry(directory, 0), { removed: 3, kept: 0 })
  t.same(await readdir(join(directory, 'blobs', 'sha256')), [])
})

test('what an index, a subject or another repository refers to stays', async (t) => {
  const { url, directory } = await startTestRegistry(t)
  const [client, other] = [createPlainClient(url, 'a'), createPlainClient(url, 'b')]
  for (const text of ['{}', 'layer']) await client.pushBlob(Buffer.from(text))
  await other.send('POST', `blobs/uploads/?mount=${layer.digest}&from=a`)
  const image = sampleManifest({ layers: [layer] })
  const described = { mediaType: INDEX, digest: digestOf(JSON.stringify(image)), size: JSON.stringify(image).length }
  await client.putManifest(described.digest, image)
  await client.putManifest('index', { schemaVersion: 2, mediaType: INDEX, manifests: [described] }, INDEX)
  await other.putManifest('artifact', sampleManifest({ layers: [layer], subject: described }))
  t.match(await collectRegistry(directory, 0), { removed: 0, kept: 5 })
  await client.send('DELETE', `manifests/${described.digest}`)
  await client.send('DELETE', `manifests/index`)
  await collectRegistry(directory, 0)
  t.equal((await other.send('GET', `blobs/${layer.digest}`)).status, 200)
})

test('what was pushed or asked for lately stays, for its manifest may be on its way', async (t) => {
  const { url, directory } = await startTestRegistry(t)
  const client = createPlainClient(url, 'a')
  await client.pushBlob(Buffer.from('layer'))
  const location = await client.begin()
  await client.send('PATCH', location, { body: 'half' })
  t.match(await collectRegistry(directory), { removed: 0, kept: 1 })
  const put = await client.send('PUT', `${location}?digest=${digestOf('half of it')}`, { body: ' of it' })
  t.equal(put.status, 201, 'an upload goes on')
})

test('images that are pushed while others collect are whole', async (t) => {
  const { url, directory } = await startTestRegistry(t)
  const client = createPlainClient(url, 'a')
  let pushing = true
  const collecting = (async () => {
    while (pushing) await collectRegistry(directory, 60_000)
  })()
  for (let count = 0; count < 20; count += 1) {
    await client.pushBlob(Buffer.from(`layer ${count}`))
    const own = { ...layer, digest: digestOf(`layer ${count}`) }
    await client.putManifest(`${count}`, sampleManifest({ layers: [own] }))
  }
  pushing = false
  await collecting
  for (let count = 0; count < 20; count += 1) {
    const blob = await client.send('GET', `blobs/${digestOf(`layer ${count}`)}`)
    t.equal(await blob.text(), `layer ${count}`)
  }
})

test('a registry that is not there has nothing to collect', async (t) => {
  t.match(await collectRegistry(join(t.testdir(), 'none'), 0), { removed: 0, kept: 0 })
})
