import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { type Test, test } from 'tap'
import { digestOf, hexOf } from '../../../lib/blob/digest.js'
import { listen, type NoteEvent, noteChannel } from '../../../lib/trace.js'
import { startTestRegistry } from '../../helpers/registry.js'
import { createPlainClient, errorCode, sampleManifest } from '../../helpers/registry-client.js'
import { withTmpfs } from '../../helpers/tmpfs.js'

/** What the operator hears. */
function heard(t: Test): readonly string[] {
  const messages: string[] = []
  t.teardown(listen<NoteEvent>(noteChannel, ({ message }) => void messages.push(message)))
  return messages
}

test('a full disk cut the connection, and nobody heard why: it is 507, and the operator hears of it', async (t) => {
  const messages = heard(t)
  const mounted = await withTmpfs('size=1m', async (directory) => {
    const registry = await startTestRegistry(t, { directory })
    const client = createPlainClient(registry.url, 'a')
    const body = randomBytes(32 * 2 ** 20)
    const response = await client.send('PUT', `${await client.begin()}?digest=${digestOf(body)}`, { body })
    t.match([response.status, await errorCode(response)], [507, 'UNKNOWN'])
    t.match(messages, [/^serve: PUT \/v2\/a\/blobs\/uploads\/.*: ENOSPC.* Free some space/])
    await registry.close()
  })
  if (!mounted) t.comment('mounting is not permitted here')
})

test('a damaged record of a manifest cut the connection: it is 500, and the operator hears of it', async (t) => {
  const { url, directory } = await startTestRegistry(t)
  const client = createPlainClient(url, 'a')
  await client.putManifest('tag', sampleManifest())
  const digest = digestOf(JSON.stringify(sampleManifest()))
  const messages = heard(t)
  for (const damage of ['', '{"digest":', 'null', '{}', `{"digest":"${digest}","mediaType":1,"size":-1}`]) {
    await writeFile(join(directory, 'repositories', 'a', '_manifests', 'sha256', hexOf(digest)), damage)
    const response = await client.send('GET', 'manifests/tag')
    t.match([response.status, await errorCode(response)], [500, 'UNKNOWN'], damage)
    t.match(messages.at(-1), /^serve: GET \/v2\/a\/manifests\/tag: read record of a manifest: .*found something else/)
  }
})

test('a damaged blob is cut off at its end, and the operator hears of it', async (t) => {
  const { url, directory } = await startTestRegistry(t)
  const client = createPlainClient(url, 'a')
  const digest = await client.pushBlob(randomBytes(1000))
  await writeFile(join(directory, 'blobs', 'sha256', digest.slice(7)), randomBytes(1000))
  const messages = heard(t)
  await t.rejects(async () => (await client.send('GET', `blobs/${digest}`)).arrayBuffer())
  t.match(messages, [/^serve: GET \/v2\/a\/blobs\/sha256:/])
})

test('clients that go away are nothing to tell the operator of', async (t) => {
  const { url } = await startTestRegistry(t)
  const client = createPlainClient(url, 'a')
  const digest = await client.pushBlob(randomBytes(32 * 2 ** 20))
  const messages = heard(t)
  const { hostname, port } = new URL(url)
  for (const head of [
    `GET /v2/a/blobs/${digest} HTTP/1.1\r\nHost: a\r\n\r\n`,
    `PATCH ${new URL(await client.begin()).pathname} HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\nabc`
  ]) {
    const socket = connect(Number(port), hostname).on('error', () => {})
    await once(socket, 'connect')
    socket.write(head)
    await wait(50)
    socket.destroy()
    await wait(50)
  }
  t.same(messages, [])
})
