import { Readable } from 'node:stream'
import type { Handler, Quirk, Reply, Request } from '../../../lib/registry/server/index.js'

/** What happens to one request: each is something that a network, a proxy or a registry under load does. */
export type Fault =
  | 'reset before'
  | 'reset in the request'
  | 'reset in the answer'
  | 'reset after'
  | '500'
  | '429'
  | '401'
  | 'stall'

export const faults: readonly Fault[] = [
  'reset before',
  'reset in the request',
  'reset in the answer',
  'reset after',
  '500',
  '429',
  '401',
  'stall'
]

/** Lets request number `at` (from 0) meet a fault; the others pass. */
export function faultAt(at: number, fault: Fault): Quirk {
  let count = 0
  return async (request, next) => {
    if (request.path === '/token') return jsonReply({ token: 'anything will do' })
    const number = count
    count += 1
    return number === at ? meet(fault, request, next) : next(request)
  }
}

/** Counts requests, and remembers them as `METHOD path`. */
export function recorder(): { readonly quirk: Quirk; readonly requests: string[] } {
  const requests: string[] = []
  const quirk: Quirk = (request, next) => {
    requests.push(`${request.method} ${request.path}`)
    return next(request)
  }
  return { quirk, requests }
}

async function meet(fault: Fault, request: Request, next: Handler): Promise<Reply> {
  switch (fault) {
    case 'reset before':
      return reset(request)
    case 'reset in the request':
      return next({ ...request, body: breaking(request) }).catch(() => reset(request))
    case 'reset in the answer':
      return cutShort(request, await next(request))
    case 'reset after':
      await next(request)
      return reset(request)
    case 'stall':
      return new Promise(() => {})
    case '429':
      return { status: 429, headers: { 'Retry-After': '0' } }
    case '401':
      return { status: 401, headers: { 'WWW-Authenticate': `Bearer realm="http://${request.headers.host}/token"` } }
    default:
      return { status: Number(fault), headers: {} }
  }
}

export function jsonReply(document: object): Reply {
  return { status: 200, headers: { 'Content-Type': 'application/json' }, body: Buffer.from(JSON.stringify(document)) }
}

/** The first half of what a request has in its first piece; then the connection breaks. */
export function breaking(request: Request): Readable {
  const half = async function* (): AsyncGenerator<Buffer> {
    for await (const chunk of request.body as AsyncIterable<Buffer>) {
      yield chunk.subarray(0, Math.ceil(chunk.length / 2))
      break
    }
    request.body.destroy()
    throw new Error('the connection broke')
  }
  return Readable.from(half(), { objectMode: false })
}

function reset(request: Request): Reply {
  request.body.destroy()
  return { status: 500, headers: {} }
}

/** Half of the body, then nothing more: the headers have promised all of it. */
export function cutShort(request: Request, reply: Reply): Reply {
  const { body } = reply
  if (body === undefined) return reset(request)
  const whole = Buffer.isBuffer(body) ? Readable.from([body]) : body()
  const length = reply.headers['Content-Length'] ?? String(Buffer.isBuffer(body) ? body.length : 0)
  const broken = async function* (): AsyncGenerator<Buffer> {
    for await (const chunk of whole as AsyncIterable<Buffer>) {
      yield chunk.subarray(0, Math.ceil(chunk.length / 2))
      await new Promise((resolve) => setTimeout(resolve, 5))
      request.body.destroy()
      return
    }
  }
  return { ...reply, headers: { ...reply.headers, 'Content-Length': length }, body: () => Readable.from(broken()) }
}
