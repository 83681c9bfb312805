import type { Readable } from 'node:stream'
import { Agent, type Dispatcher, EnvHttpProxyAgent, request } from 'undici'
import { isLoopback } from './hosts.js'

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
  /** False: any certificate will do. */
  readonly verifyTls: boolean
}

/** The door to undici: one exchange, without authorization, redirects or retries. */
export interface Transport {
  send(request: HttpRequest): Promise<HttpResponse>
  close(): Promise<void>
}

/** Connections are kept and used again. HTTPS_PROXY, HTTP_PROXY and NO_PROXY are honoured, except for this machine. */
export function createTransport({ deadlines, ca, verifyTls }: TransportOptions): Transport {
  const tls = { rejectUnauthorized: verifyTls, ...(ca && { ca: [...ca] }) }
  const options = {
    headersTimeout: deadlines.headers,
    bodyTimeout: deadlines.stall,
    connect: connectOptions(deadlines, tls)
  }
  const direct = new Agent(options)
  const proxied = new EnvHttpProxyAgent({ ...options, requestTls: tls })
  return {
    send: (each) => exchange(each, isLoopback(each.url.hostname) ? direct : proxied),
    close: async () => {
      await Promise.all([direct.destroy(), proxied.destroy()])
    }
  }
}

function connectOptions(deadlines: Deadlines, tls: object): object {
  return { timeout: deadlines.connect, ...tls }
}

async function exchange(
  { method, url, headers, body, signal }: HttpRequest,
  dispatcher: Dispatcher
): Promise<HttpResponse> {
  const response = await request(url, {
    dispatcher,
    method,
    headers: { 'user-agent': 'layerpipe', ...headers },
    body: typeof body === 'function' ? body() : (body ?? null),
    ...(signal && { signal })
  })
  return {
    status: response.statusCode,
    header: (name) => {
      const value = response.headers[name]
      return Array.isArray(value) ? value.join(', ') : value
    },
    body: response.body
  }
}
