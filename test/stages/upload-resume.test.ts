import { type ChildProcess, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { test } from 'tap'
import type { Quirk } from '../../lib/registry/server/index.js'
import { MAIN } from '../helpers/command.js'
import { startTestRegistry, temporaryDirectory } from '../helpers/registry.js'
import { createPlainClient } from '../helpers/registry-client.js'

test('a push that was killed goes on where it stopped when it is run again', async (t) => {
  const tree = await temporaryDirectory(t)
  const store = await temporaryDirectory(t)
  await writeFile(join(tree, 'large'), randomBytes(60 * 2 ** 20))
  let child: ChildProcess | null = null
  let received = 0
  const starts: string[] = []
  const killAt = 30 * 2 ** 20
  const watch: Quirk = (request, next) => {
    if (request.method === 'POST') starts.push(request.path)
    if (request.method !== 'PATCH') return next(request)
    const counted = async function* (): AsyncGenerator<Buffer> {
      for await (const chunk of request.body as AsyncIterable<Buffer>) {
        received += chunk.length
        yield chunk
        if (received < killAt || !child) continue
        child.kill('SIGKILL')
        child = null
      }
    }
    return next({ ...request, body: Readable.from(counted(), { objectMode: false }) })
  }
  const { host, url } = await startTestRegistry(t, { quirks: [watch] })
  const output = `type=registry,name=${host}/resumed:1,compression=uncompressed`
  const start = (): ChildProcess =>
    spawn(process.execPath, [MAIN, 'export', tree, '--store', store, '-o', output, '--progress', 'quiet'], {
      stdio: 'ignore'
    })
  child = start()
  const [, signal] = await once(child, 'exit')
  t.equal(signal, 'SIGKILL')
  t.equal((await createPlainClient(url, 'resumed').send('GET', 'manifests/1')).status, 404)
  const [before, begun] = [received, starts.length]
  const [code] = await once(start(), 'exit')
  t.equal(code, 0)
  t.equal((await createPlainClient(url, 'resumed').send('GET', 'manifests/1')).status, 200)
  t.ok(received - before < 35 * 2 ** 20, `the second run sent ${received - before} bytes of the layer`)
  t.equal(starts.length - begun, 1, 'only the config was begun anew')
})
