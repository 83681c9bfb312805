import type { IncomingHttpHeaders } from 'node:http'
import type { Readable } from 'node:stream'

/** A request as the handlers see it. */
export interface Request {
  readonly method: string
  /** Decoded, with its leading slash and without the query. */
  readonly path: string
  readonly query: URLSearchParams
  readonly headers: IncomingHttpHeaders
  readonly body: Readable
}

/** What is answered. A function as body is called only where a body is sent: not for HEAD. */
export interface Reply {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body?: Buffer | (() => Readable)
}

export type Handler = (request: Request) => Promise<Reply>

/** What a server does to an exchange instead of, before or after its handler: tests make it misbehave by these. */
export type Quirk = (request: Request, next: Handler) => Promise<Reply>

/** A request that cannot be served; becomes an error body (distribution-spec, "Error Codes"). */
export class Refusal extends Error {
  readonly status: number
  readonly code: string
  readonly headers: Readonly<Record<string, string>>

  constructor(status: number, code: string, message: string, headers: Readonly<Record<string, string>> = {}) {
    super(message)
    this.status = status
    this.code = code
    this.headers = headers
  }
}

export function replyOf(refusal: Refusal): Reply {
  const { status, code, message, headers } = refusal
  return { ...jsonReply(status, { errors: [{ code, message }] }), headers: { ...JSON_TYPE, ...headers } }
}

export function jsonReply(status: number, document: object, headers: Readonly<Record<string, string>> = {}): Reply {
  return { status, headers: { ...JSON_TYPE, ...headers }, body: Buffer.from(JSON.stringify(document)) }
}

const JSON_TYPE = { 'Content-Type': 'application/json' }
