import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from 'node:http'
import { createServer as createSecureServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import type { Readable } from 'node:stream'
import { InputError, OutputError } from '../../errors.js'
import { flow } from '../../streams/flow.js'
import { type Handler, type Quirk, Refusal, type Reply, type Request, replyOf } from './exchange.js'
import { answerFailures, noteFailure } from './failures.js'
import { createGuard } from './htpasswd.js'
import { createRoutes } from './routes.js'
import type { RegistryStorage } from './storage.js'

export interface RegistryOptions {
  readonly storage: RegistryStorage
  /** 127.0.0.1 by default. */
  readonly host?: string
  /** 0, a free one, by default. */
  readonly port?: number
  readonly readOnly?: boolean
  /** Path of a file of users with bcrypt passwords; without it everybody may do everything. */
  readonly htpasswd?: string
  /** PEM texts; without them it is plain HTTP. */
  readonly tls?: { readonly certificate: string; readonly key: string }
  /** Outermost first. For tests: what a registry is known to do wrong. */
  readonly quirks?: readonly Quirk[]
}

export interface RegistryServer {
  /** `host:port`, as image names have it. */
  readonly host: string
  readonly url: string
  /** Stops listening and cuts what is under way. */
  close(): Promise<void>
}

/** Starts an OCI distribution registry (distribution-spec 1.1) over `storage`. */
export async function startRegistry(options: RegistryOptions): Promise<RegistryServer> {
  const { host = '127.0.0.1', port = 0, tls } = options
  const listener = listen(await createHandler(options))
  const server = tls ? createTlsServer(tls, listener) : createServer(listener)
  // A large blob over a slow line takes longer than any fixed time; what stalls is the client's to give up.
  server.requestTimeout = 0
  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause) => reject(cannotListen(`${host}:${port}`, cause)))
    server.listen(port, host, resolve)
  })
  const name = nameOf(server.address() as AddressInfo)
  const sweeping = sweepRegularly(options.storage)
  const end = (): Promise<void> => {
    clearInterval(sweeping)
    return close(server)
  }
  return { host: name, url: `${tls ? 'https' : 'http'}://${name}`, close: end }
}

function createTlsServer(
  { certificate, key }: { certificate: string; key: string },
  listener: RequestListener
): Server {
  try {
    return createSecureServer({ cert: certificate, key }, listener)
  } catch (cause) {
    const advice = 'check that both are in PEM, and that the key is that of the certificate'
    throw new InputError({ operation: 'serve HTTPS', subject: 'certificate and key', cause, advice })
  }
}

/** Removes abandoned uploads, now and every hour. */
function sweepRegularly({ uploads }: RegistryStorage): NodeJS.Timeout {
  const sweep = (): void => void uploads.sweep().catch((error: unknown) => noteFailure('abandoned uploads', error))
  sweep()
  return setInterval(sweep, SWEEP_EVERY).unref()
}

async function createHandler(options: RegistryOptions): Promise<Handler> {
  const routes = createRoutes(options.storage, { readOnly: options.readOnly ?? false })
  const guards = options.htpasswd === undefined ? [] : [await createGuard(options.htpasswd)]
  const wrap = (next: Handler, quirk: Quirk): Handler => {
    return (request) => quirk(request, next)
  }
  return [...(options.quirks ?? []), answerFailures, ...guards].reduceRight(wrap, routes)
}

function listen(handler: Handler): RequestListener {
  return (message, response) => {
    // A connection that breaks is nobody's error here: what had come is kept, and the next request goes on.
    message.on('error', () => {})
    answer(handler, message, response).catch(() => response.destroy())
  }
}

async function answer(handler: Handler, message: IncomingMessage, response: ServerResponse): Promise<void> {
  const request = requestOf(message)
  const reply = request ? await handler(request) : replyOf(new Refusal(400, 'NAME_INVALID', 'not a path'))
  await send(reply, message.method === 'HEAD', response)
  message.resume() // who was refused midway may go on sending before it listens
}

function requestOf(message: IncomingMessage): Request | null {
  try {
    const { pathname, searchParams } = new URL(message.url ?? '/', 'http://registry')
    const path = decodeURIComponent(pathname)
    return { method: message.method ?? 'GET', path, query: searchParams, headers: message.headers, body: message }
  } catch {
    return null
  }
}

async function send(reply: Reply, head: boolean, response: ServerResponse): Promise<void> {
  if (response.destroyed) return
  const { status, body } = reply
  const length = Buffer.isBuffer(body) ? { 'Content-Length': String(body.length) } : {}
  response.writeHead(status, { 'Docker-Distribution-API-Version': 'registry/2.0', ...length, ...reply.headers })
  if (head || body === undefined) response.end()
  else if (Buffer.isBuffer(body)) response.end(body)
  else await flow([watched(body(), response), response])
}

/** Tells the operator when it fails, not when the client goes away before its end. */
function watched(body: Readable, response: ServerResponse): Readable {
  const { method, url } = response.req
  return body.on('error', (error) => {
    if (!response.destroyed) noteFailure(`${method} ${url}`, error)
  })
}

function nameOf({ address, port, family }: AddressInfo): string {
  return family === 'IPv6' ? `[${address}]:${port}` : `${address}:${port}`
}

async function close(server: Server): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()))
  server.closeAllConnections()
  await closed
}

function cannotListen(subject: string, cause: Error): OutputError {
  return new OutputError({ operation: 'listen', subject, cause, advice: 'choose another address with --listen' })
}

/** An hour, in milliseconds. */
const SWEEP_EVERY = 60 * 60 * 1000
