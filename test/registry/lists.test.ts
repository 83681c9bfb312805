import { test } from 'tap'
import { digestOf } from '../../lib/blob/digest.js'
import { listReferrers } from '../../lib/registry/referrers.js'
import type { Quirk } from '../../lib/registry/server/index.js'
import { listTags } from '../../lib/registry/tags.js'
import { testClient } from '../helpers/push.js'
import { refuse } from '../helpers/quirks/uploads.js'
import { startTestRegistry } from '../helpers/registry.js'
import { createPlainClient, IMAGE, INDEX, sampleManifest } from '../helpers/registry-client.js'

test('tags are read to the last page', async (t) => {
  const small: Quirk = (request, next) => {
    if (request.query.get('n') === '1000') request.query.set('n', '2')
    return next(request)
  }
  const { host, url } = await startTestRegistry(t, { quirks: [small] })
  for (const tag of ['a', 'b', 'c', 'd', 'e']) await createPlainClient(url, 'x').putManifest(tag, sampleManifest())
  t.same(await listTags(testClient(t).remote({ host, repository: 'x' })), ['a', 'b', 'c', 'd', 'e'])
})

let page = 0
const links: Readonly<Record<string, readonly [() => string, RegExp]>> = {
  'leads back': [() => '</v2/x/tags/list?n=1000>; rel="next"', /leads back/],
  'leads to another host': [() => '<http://example.com/v2/x/tags/list>; rel="next"', /another host/],
  'never ends': [() => `</v2/x/tags/list?page=${page++}>; rel="next"`, /at most 1000 pages, found more/]
}

for (const [trouble, [link, message]] of Object.entries(links)) {
  test(`a Link that ${trouble} is refused`, async (t) => {
    const { host } = await startTestRegistry(t, {
      quirks: [async () => ({ status: 200, headers: { Link: link() }, body: Buffer.from('{"tags":["a"]}') })]
    })
    await t.rejects(listTags(testClient(t).remote({ host, repository: 'x' })), { code: 'ERR_REGISTRY', message })
  })
}

test('a list that is a web page is refused', async (t) => {
  const { host } = await startTestRegistry(t, {
    quirks: [async () => ({ status: 200, headers: {}, body: Buffer.from('<html>') })]
  })
  await t.rejects(listTags(testClient(t).remote({ host, repository: 'x' })), { message: /expected a list in JSON/ })
})

test('referrers come from the API, else from the tag that stands in for it', async (t) => {
  const subject = { mediaType: IMAGE, digest: digestOf(JSON.stringify(sampleManifest())), size: 1 }
  const signature = sampleManifest({ subject, artifactType: 'application/signature' })
  const digest = digestOf(JSON.stringify(signature))
  const noApi = refuse(404, (request) => request.path.includes('/referrers/'))
  for (const quirks of [[], [noApi]]) {
    const { host, url } = await startTestRegistry(t, { quirks })
    const client = createPlainClient(url, 'x')
    const remote = testClient(t).remote({ host, repository: 'x' })
    t.same(await listReferrers(remote, subject.digest), [])
    await client.putManifest(digest, signature)
    const descriptor = { mediaType: IMAGE, digest, size: 1, artifactType: 'application/signature' }
    const standIn = { schemaVersion: 2, mediaType: INDEX, manifests: [descriptor] }
    await client.putManifest(subject.digest.replace(':', '-'), standIn, INDEX)
    t.match(await listReferrers(remote, subject.digest), [{ digest }])
    t.match(await listReferrers(remote, subject.digest, 'application/signature'), [{ digest }])
    t.same(await listReferrers(remote, subject.digest, 'application/other'), [])
  }
})
