import { randomBytes } from 'node:crypto'
import { readdir, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { type Test, test } from 'tap'
import { digestOf } from '../../../lib/blob/digest.js'
import { createRegistryStorage } from '../../../lib/registry/server/index.js'
import { startTestRegistry, temporaryDirectory } from '../../helpers/registry.js'
import { createPlainClient, errorCode } from '../../helpers/registry-client.js'

const HOUR = 60 * 60 * 1000
const WEEK = 7 * 24 * HOUR

function twoHoursLater(t: Test): void {
  const { now } = Date
  t.intercept(Date, 'now', { value: () => now() + 2 * HOUR })
}

test('two who came back to an upload of an earlier process each had a session: they share one', async (t) => {
  const directory = await temporaryDirectory(t)
  const { id } = await createRegistryStorage(directory).uploads.begin('a', 'sha256')
  const { uploads } = createRegistryStorage(directory)
  const [one, other] = await Promise.all([uploads.find('a', id), uploads.find('a', id)])
  t.ok(one)
  t.equal(one, other)
})

test('an upload that was abandoned while the server ran was never removed: a sweep does', async (t) => {
  const directory = await temporaryDirectory(t)
  const { uploads } = createRegistryStorage(directory)
  const ids: string[] = []
  for (let count = 0; count < 3; count += 1) ids.push((await uploads.begin('a', 'sha256')).id)
  const [old = '', broken = '', young = ''] = ids
  const longAgo = new Date(Date.now() - 2 * WEEK)
  await utimes(join(directory, 'uploads', old, 'data'), longAgo, longAgo)
  await writeFile(join(directory, 'uploads', broken, 'session.json'), '{"id":')
  await uploads.sweep()
  t.ok(await uploads.find('a', old), 'it is in use yet')
  twoHoursLater(t)
  await uploads.sweep()
  t.same((await readdir(join(directory, 'uploads'))).sort(), [broken, young].sort())
  t.equal(await uploads.find('a', old), null)
  t.equal(await uploads.find('a', broken), null)
  t.ok(await uploads.find('a', young))
})

test('an idle upload held its session for ever: it is let go of, and goes on from what lies on the disk', async (t) => {
  const { uploads, contents } = createRegistryStorage(await temporaryDirectory(t))
  const bytes = randomBytes(100_000)
  const session = await uploads.begin('a', 'sha256')
  await session.append(Readable.from([bytes.subarray(0, 60_000)]))
  await uploads.sweep()
  t.equal(await uploads.find('a', session.id), session)
  twoHoursLater(t)
  await uploads.sweep()
  const again = await uploads.find('a', session.id)
  t.not(again, session)
  t.equal(again?.offset, 60_000)
  await again?.append(Readable.from([bytes.subarray(60_000)]))
  t.equal(await again?.finish(digestOf(bytes)), true)
  t.equal(await contents.size(digestOf(bytes)), bytes.length)
})

test('an upload in use is not let go of, however long it takes', async (t) => {
  const { uploads } = createRegistryStorage(await temporaryDirectory(t))
  const session = await uploads.begin('a', 'sha256')
  await session.exclusively(async () => {
    twoHoursLater(t)
    await uploads.sweep()
    t.equal(await uploads.find('a', session.id), session)
  })
})

test('who waited for an upload that was cancelled meanwhile was cut off: it is 404', async (t) => {
  const { url } = await startTestRegistry(t)
  const client = createPlainClient(url, 'a')
  const location = await client.begin()
  const answers = await Promise.all(
    ['DELETE', 'DELETE', 'PATCH', 'DELETE'].map((method) =>
      client.send(method, location, method === 'PATCH' ? { body: 'more' } : {})
    )
  )
  const late = answers.filter(({ status }) => status !== 204 && status !== 202)
  t.equal(answers.filter(({ status }) => status === 204).length, 1)
  for (const each of late) t.match([each.status, await errorCode(each)], [404, 'BLOB_UPLOAD_UNKNOWN'])
})
