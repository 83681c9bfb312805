import { createServer, type IncomingMessage } from 'node:http'
import { join } from 'node:path'
import type { Test } from 'tap'
import { temporaryDirectory } from './registry.js'

/** What an engine answers: a document, or a text as it is; with the status, if it is not 200. */
export type EngineAnswer = { readonly status?: number; readonly document: unknown }

/** An engine that answers as `answer` says, path by path, once it has read a request. Gives its DOCKER_HOST. */
export async function startFakeEngine(t: Test, answer: (path: string, body: Buffer) => EngineAnswer): Promise<string> {
  const socket = join(await temporaryDirectory(t), 'engine.sock')
  const server = createServer(async (request: IncomingMessage, response) => {
    const body = Buffer.concat(await request.toArray().catch(() => []))
    const { status = 200, document } = answer(request.url ?? '', body)
    response.writeHead(status).end(typeof document === 'string' ? document : JSON.stringify(document))
  })
  await new Promise<void>((resolve) => server.listen(socket, resolve))
  t.teardown(() => {
    server.close()
    server.closeAllConnections()
  })
  return `unix://${socket}`
}
