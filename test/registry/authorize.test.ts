import { randomBytes } from 'node:crypto'
import { test } from 'tap'
import { memoryBlob } from '../../lib/blob/blob.js'
import { messageOf } from '../../lib/errors.js'
import { OCI_MANIFEST } from '../../lib/image/media-types.js'
import { parseChallenges } from '../../lib/registry/challenge.js'
import { fetchManifest } from '../../lib/registry/manifests.js'
import { pushManifest } from '../../lib/registry/push-manifest.js'
import type { Quirk } from '../../lib/registry/server/index.js'
import { basicOf } from '../../lib/registry/token.js'
import { push, testClient } from '../helpers/push.js'
import { bearer } from '../helpers/quirks/bearer.js'
import { startTestRegistry } from '../helpers/registry.js'

const bytes = randomBytes(350_000)
const known = async () => ({ kind: 'password', user: 'me', password: 'pass-word' }) as const

test('challenges are read, several in a header and quoted commas too', async (t) => {
  t.same(parseChallenges('Basic realm="a, \\"b\\"", Bearer realm="https://x/y",service=z,scope="a:b:pull,push"'), [
    { scheme: 'basic', parameters: { realm: 'a, "b"' } },
    { scheme: 'bearer', parameters: { realm: 'https://x/y', service: 'z', scope: 'a:b:pull,push' } }
  ])
  t.same(parseChallenges('Negotiate'), [{ scheme: 'negotiate', parameters: {} }])
  t.same(parseChallenges(''), [])
})

test('one token serves a push, with the scope of the repository', async (t) => {
  const { quirk, asked } = bearer({ user: 'me', password: 'pass-word' })
  const { host } = await startTestRegistry(t, { quirks: [quirk] })
  const remote = testClient(t, { credentials: known, chunk: 100_000 }).remote({ host, repository: 'a/b' })
  t.equal(await push(remote, bytes), 'sent')
  t.same(asked, ['GET repository:a/b:pull,push'])
})

test('a manifest was looked for with a token for pulling, which is refused where a repository is new', async (t) => {
  const { quirk, asked } = bearer()
  const { host } = await startTestRegistry(t, { quirks: [quirk] })
  const remote = testClient(t).remote({ host, repository: 'a' })
  const manifest = memoryBlob(Buffer.from('{"schemaVersion":2}'), { mediaType: OCI_MANIFEST })
  await pushManifest({ remote, manifest, reference: '1', repair: async () => {} })
  t.same(asked, ['GET repository:a:pull,push'])
})

test('a token service that redirects was an error; a password does not follow to another host', async (t) => {
  for (const name of ['127.0.0.1', 'localhost']) {
    const { quirk } = bearer({ path: '/moved' })
    const passwords: (string | undefined)[] = []
    const redirecting: Quirk = async (request, next) => {
      const { path, query, headers } = request
      if (path === '/token') passwords.push(headers.authorization)
      if (path !== '/moved') return next(request)
      return { status: 302, headers: { Location: `http://${name}:${headers.host?.split(':')[1]}/token?${query}` } }
    }
    const { host } = await startTestRegistry(t, { quirks: [redirecting, quirk] })
    const remote = testClient(t, { credentials: known }).remote({ host, repository: 'a' })
    t.equal(await push(remote, bytes), 'sent')
    t.same(passwords, [name === '127.0.0.1' ? basicOf('me', 'pass-word') : undefined])
  }
})

test('an identity token does not follow a redirect', async (t) => {
  const { quirk } = bearer({ path: '/moved' })
  const redirecting: Quirk = async (request, next) =>
    request.path === '/moved' ? { status: 307, headers: { Location: '/token' } } : next(request)
  const { host } = await startTestRegistry(t, { quirks: [redirecting, quirk] })
  const credentials = async () => ({ kind: 'identity-token', token: 'identity' }) as const
  const remote = testClient(t, { credentials }).remote({ host, repository: 'a' })
  await t.rejects(push(remote, bytes), { code: 'ERR_REGISTRY', message: /HTTP 307/ })
})

test('a mount asks to pull from its source too', async (t) => {
  const { quirk, asked } = bearer()
  const { host } = await startTestRegistry(t, { quirks: [quirk] })
  const client = testClient(t)
  await push(client.remote({ host, repository: 'from' }), bytes)
  t.equal(await push(client.remote({ host, repository: 'to' }), bytes, ['from']), 'mounted')
  t.ok(asked.includes('GET repository:from:pull repository:to:pull,push'))
})

test('a token that ends early is got anew between chunks, and one that is refused once', async (t) => {
  for (const options of [{ seconds: 0.001 }, { uses: 2 }]) {
    const { quirk, asked } = bearer(options)
    const { host } = await startTestRegistry(t, { quirks: [quirk] })
    const remote = testClient(t, { chunk: 100_000 }).remote({ host, repository: 'a' })
    t.equal(await push(remote, bytes), 'sent')
    t.ok(asked.length > 2)
  }
})

test('an identity token is exchanged by POST', async (t) => {
  const { quirk, asked } = bearer()
  const { host } = await startTestRegistry(t, { quirks: [quirk] })
  const credentials = async () => ({ kind: 'identity-token', token: 'identity' }) as const
  t.equal(await push(testClient(t, { credentials }).remote({ host, repository: 'a' }), bytes), 'sent')
  t.ok(asked.every((request) => request.startsWith('POST')))
})

test('insufficient_scope asks again with the scope that is missing', async (t) => {
  const { quirk, asked } = bearer()
  const picky: Quirk = (request, next) =>
    request.path === '/token' || asked.some((scope) => scope.includes('repository:a:delete'))
      ? next(request)
      : Promise.resolve({
          status: 403,
          headers: {
            'WWW-Authenticate': `Bearer realm="http://${request.headers.host}/token",error="insufficient_scope",scope="repository:a:delete"`
          }
        })
  const { host } = await startTestRegistry(t, { quirks: [picky, quirk] })
  t.equal(await push(testClient(t).remote({ host, repository: 'a' }), bytes), 'sent')
})

test('wrong credentials, rubbish and a foreign scheme are one clear error, without the secret', async (t) => {
  const wrong = async () => ({ kind: 'password', user: 'me', password: 'wr0ng-secret' }) as const
  const echo: Quirk = async (request) => {
    const encoded = request.headers.authorization ?? ''
    const message = `no ${encoded} ${Buffer.from(encoded.slice(6), 'base64')}`
    const headers = { 'WWW-Authenticate': 'Basic realm="x"' }
    return { status: 401, headers, body: Buffer.from(JSON.stringify({ errors: [{ code: 'UNAUTHORIZED', message }] })) }
  }
  const strange: Quirk = async () => ({ status: 401, headers: { 'WWW-Authenticate': 'Digest realm="x"' } })
  const nowhere: Quirk = async () => ({ status: 401, headers: { 'WWW-Authenticate': 'Bearer realm="ftp://x"' } })
  const services = [
    bearer({ user: 'me', password: 'right' }).quirk,
    bearer({ rubbish: '<html>' }).quirk,
    bearer({ rubbish: '{"token":""}' }).quirk,
    echo,
    strange,
    nowhere
  ]
  for (const quirk of services) {
    const notes: string[] = []
    const { host } = await startTestRegistry(t, { quirks: [quirk] })
    const client = testClient(t, { credentials: wrong, note: (message) => notes.push(message) })
    const error = await fetchManifest(client.remote({ host, repository: 'a' }), '1').catch((thrown: unknown) => thrown)
    t.match(error, { code: 'ERR_REGISTRY' })
    const said = [messageOf(error), JSON.stringify(error), ...notes].join('\n')
    t.notMatch(said, /wr0ng-secret|bWU6d3Iwbmctc2VjcmV0/, said)
  }
})
