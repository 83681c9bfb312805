import { test } from 'tap'
import { digestOf } from '../../../lib/blob/digest.js'
import { startTestRegistry } from '../../helpers/registry.js'
import { createPlainClient, errorCode, IMAGE, INDEX, sampleManifest } from '../../helpers/registry-client.js'

async function tagsOf(response: Response): Promise<string[]> {
  return ((await response.json()) as { tags: string[] }).tags
}

test('Listing Tags: in byte order, pages by n and last, with a Link to the next', async (t) => {
  const { url } = await startTestRegistry(t)
  const client = createPlainClient(url, 'a/b')
  for (const tag of ['b', 'a', 'C', '1', '_x']) await client.putManifest(tag, sampleManifest())
  t.same(await tagsOf(await client.send('GET', 'tags/list')), ['1', 'C', '_x', 'a', 'b'])
  const first = await client.send('GET', 'tags/list?n=2')
  t.same(await tagsOf(first), ['1', 'C'])
  const [, next = ''] = /^<(.*)>; rel="next"$/.exec(first.headers.get('link') ?? '') ?? []
  const second = await client.send('GET', next)
  t.same(await tagsOf(second), ['_x', 'a'])
  const last = await client.send('GET', 'tags/list?n=2&last=a')
  t.same(await tagsOf(last), ['b'])
  t.equal(last.headers.get('link'), null)
  t.same(await tagsOf(await client.send('GET', 'tags/list?n=0')), [])
  t.same(await tagsOf(await client.send('GET', 'tags/list?last=_x')), ['a', 'b'])
})

test('Listing Tags: an unknown repository is 404 NAME_UNKNOWN', async (t) => {
  const { url } = await startTestRegistry(t)
  const response = await createPlainClient(url, 'none').send('GET', 'tags/list')
  t.match([response.status, await errorCode(response)], [404, 'NAME_UNKNOWN'])
})

test('repositories were not listed', async (t) => {
  const { url } = await startTestRegistry(t)
  for (const name of ['b', 'a/b', 'a', 'c/d']) await createPlainClient(url, name).putManifest('1', sampleManifest())
  const list = async (query = '') => {
    const response = await fetch(`${url}/v2/_catalog${query}`)
    return { ...((await response.json()) as { repositories: string[] }), link: response.headers.get('link') }
  }
  t.same(await list(), { repositories: ['a', 'a/b', 'b', 'c/d'], link: null })
  t.same(await list('?n=2'), { repositories: ['a', 'a/b'], link: '</v2/_catalog?n=2&last=a%2Fb>; rel="next"' })
  t.same(await list('?n=2&last=a%2Fb'), { repositories: ['b', 'c/d'], link: null })
  t.equal((await fetch(`${url}/v2/_catalog?n=x`)).status, 400)
})

test('Listing Referrers: with type and annotations, filtered, empty for what nobody refers to', async (t) => {
  const { url } = await startTestRegistry(t)
  const client = createPlainClient(url, 'a')
  const subject = { mediaType: IMAGE, digest: digestOf(JSON.stringify(sampleManifest())), size: 1 }
  const signature = sampleManifest({ subject, artifactType: 'application/signature', annotations: { by: 'me' } })
  const fromConfig = sampleManifest({ subject, annotations: { other: 'one' } })
  const index = { schemaVersion: 2, mediaType: INDEX, manifests: [], subject, artifactType: 'application/index' }
  for (const each of [signature, fromConfig]) {
    const response = await client.putManifest(digestOf(JSON.stringify(each)), each)
    t.equal(response.headers.get('oci-subject'), subject.digest)
  }
  await client.putManifest('index', index, INDEX)
  const all = await client.send('GET', `referrers/${subject.digest}`)
  t.equal(all.headers.get('content-type'), INDEX)
  t.equal(all.headers.get('oci-filters-applied'), null)
  const { manifests } = (await all.json()) as { manifests: { artifactType: string; digest: string }[] }
  t.same(manifests.map(({ artifactType }) => artifactType).sort(), [
    'application/index',
    'application/signature',
    'application/vnd.oci.image.config.v1+json'
  ])
  const some = await client.send('GET', `referrers/${subject.digest}?artifactType=application/signature`)
  t.equal(some.headers.get('oci-filters-applied'), 'artifactType')
  const found = (await some.json()) as { manifests: { annotations: object; size: number }[] }
  t.match(found.manifests, [{ annotations: { by: 'me' }, size: JSON.stringify(signature).length, mediaType: IMAGE }])
  const none = await client.send('GET', `referrers/${digestOf('nobody')}`)
  t.match([none.status, await none.json()], [200, { schemaVersion: 2, mediaType: INDEX, manifests: [] }])
  t.equal((await client.send('GET', 'referrers/latest')).status, 400)
  t.equal((await client.send('DELETE', `manifests/${digestOf(JSON.stringify(signature))}`)).status, 202)
  const left = (await (await client.send('GET', `referrers/${subject.digest}`)).json()) as { manifests: object[] }
  t.equal(left.manifests.length, 2)
})
