import { existsSync, readFileSync } from 'node:fs'
import type { Readable } from 'node:stream'
import type * as Undici from 'undici'
import type { Dispatcher } from 'undici'
import { untilAborted } from '../streams/until-aborted.js'
import { isLoopback } from './hosts.js'
import { readProxies } from './proxies.js'

/** Milliseconds without progress after which a request is given up. */
export interface Deadlines {
  /** Until the connection stands. */
  readonly connect: number
  /** Until the answer's headers are there, or until more of a request's body is taken. */
  readonly headers: number
  /** Between two pieces of the answer's body. */
  readonly stall: number
}

// Object stores behind a registry may put a large blob together before they answer; that can take minutes.
export const defaultDeadlines: Deadlines = { connect: 30_000, headers: 180_000, stall: 60_000 }

export interface HttpRequest {
  readonly method: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  readonly url: URL
  readonly headers: Readonly<Record<string, string>>
  /** Opened anew for every attempt. */
  readonly body?: Buffer | (() => Readable)
  readonly signal?: AbortSignal | undefined
}

export interface HttpResponse {
  readonly status: number
  header(name: string): string | undefined
  readonly body: Readable
}

export interface TransportOptions {
  readonly deadlines: Deadlines
  /** PEM texts trusted besides the system's. */
  readonly ca?: readonly string[]
  /** False accepts every certificate. */
  readonly verifyTls: boolean
  /** A client certificate, as PEM texts. */
  readonly identity?: { readonly cert: string; readonly key: string }
  /** All requests go to this Unix socket, whatever their host. */
  readonly socketPath?: string
}

/** The door to undici: one exchange, without authorization, redirects or retries. */
export interface Transport {
  send(request: HttpRequest): Promise<HttpResponse>
  close(): Promise<void>
}

/** Connections are kept and used again. HTTPS_PROXY, HTTP_PROXY and NO_PROXY are honoured, except for this machine. */
export function createTransport(options: TransportOptions): Transport {
  let opened: Promise<Connections> | undefined
  return {
    send: async (each) => {
      opened ??= openConnections(options)
      return exchange(each, options, await opened)
    },
    close: async () => {
      const connections = await opened
      await Promise.all([connections?.direct.destroy(), connections?.proxied.destroy()])
    }
  }
}

interface Connections {
  readonly request: typeof Undici.request
  readonly direct: Dispatcher
  readonly proxied: Dispatcher
  /** Whether it is spoken to without a proxy. */
  isNear(url: URL): boolean
}

/** Loads undici only now: most runs speak to nobody, and it is slow to load and large. */
async function openConnections(options: TransportOptions): Promise<Connections> {
  const { Agent, EnvHttpProxyAgent, request } = await import('undici')
  const { deadlines, ca, verifyTls, identity, socketPath } = options
  const tls = { rejectUnauthorized: verifyTls, ...(ca && { ca: await trusting(ca) }), ...identity }
  const connect = { timeout: deadlines.connect, ...tls, ...(socketPath !== undefined && { socketPath }) }
  const proxies = readProxies()
  // Proxies tunnel to the port of HTTPS, many of them to no other: what goes in the clear is asked of the proxy itself.
  const proxying = { httpProxy: proxies.http, httpsProxy: proxies.https, proxyTunnel: false, requestTls: tls }
  return {
    request,
    direct: new Agent({ connect }),
    proxied: new EnvHttpProxyAgent({ connect, ...proxying }),
    isNear: ({ protocol, hostname }) => {
      const proxy = protocol === 'https:' ? proxies.https : proxies.http
      return proxy === '' || socketPath !== undefined || isLoopback(hostname) || proxies.spares(hostname)
    }
  }
}

/** Node forgets the authorities it knows, those of NODE_EXTRA_CA_CERTS too, where it is given others. */
async function trusting(ca: readonly string[]): Promise<string[]> {
  const { rootCertificates } = process.getBuiltinModule('node:tls')
  const extra = process.env.NODE_EXTRA_CA_CERTS
  return [...rootCertificates, ...(extra && existsSync(extra) ? [readFileSync(extra, 'utf8')] : []), ...ca]
}

async function exchange(
  { method, url, headers, body, signal }: HttpRequest,
  { deadlines }: TransportOptions,
  { request, direct, proxied, isNear }: Connections
): Promise<HttpResponse> {
  const asked = request(url, {
    dispatcher: isNear(url) ? direct : proxied,
    method,
    headersTimeout: deadlines.headers,
    bodyTimeout: deadlines.stall,
    headers: { 'user-agent': 'layerpipe', ...headers },
    body: typeof body === 'function' ? body() : (body ?? null),
    ...(signal && { signal })
  })
  // While it connects, undici does not look at the signal.
  const response = await (signal ? untilAborted(asked, signal) : asked)
  return {
    status: response.statusCode,
    header: (name) => {
      const value = response.headers[name]
      return Array.isArray(value) ? value.join(', ') : value
    },
    body: response.body
  }
}
