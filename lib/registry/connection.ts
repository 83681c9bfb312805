import type { Readable } from 'node:stream'
import { type Authorizer, createAuthorizer } from './authorize.js'
import type { CredentialLookup } from './credentials.js'
import { apiHostOf, isLoopback, isNotTls } from './hosts.js'
import { type Purpose, problemOfAnswer, RegistryError } from './problem.js'
import { readText } from './read-text.js'
import { following } from './redirects.js'
import { isTemporary, isTemporaryStatus, parseRetryAfter, type RetryPolicy, retrying, TemporaryError } from './retry.js'
import { nameOfUrl, type Secrets } from './secrets.js'
import type { HttpRequest, HttpResponse, Transport } from './transport.js'

/** A question to a registry. */
export interface Ask extends Purpose {
  readonly method: HttpRequest['method']
  /** A path below the registry's own address, or a Location that it gave. */
  readonly to: string | URL
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: Buffer | (() => Readable)
  /** What it has to be allowed: `repository:app:pull`, the wider one first. */
  readonly scopes: readonly string[]
  /** Statuses that are answers; everything else is an error. */
  readonly expect: readonly number[]
  /** False: a redirect is an error. */
  readonly follow?: boolean
  readonly signal?: AbortSignal | undefined
}

export interface Answer extends HttpResponse {
  /** Where it came from, after redirects. */
  readonly url: URL
}

/** One registry, spoken to with authorization, redirects and retries. */
export interface Connection {
  /** Asks, and reads the answer with `read`; both are tried again where that may help. */
  ask<T>(ask: Ask, read: (answer: Answer) => Promise<T> | T): Promise<T>
  /** Asks once, and leaves the body to the caller. */
  open(ask: Ask): Promise<Answer>
  /** Runs `attempt` again while it fails with what may pass. */
  retry<T>(attempt: (number: number) => Promise<T>, signal?: AbortSignal): Promise<T>
}

export interface ConnectionOptions {
  /** As image names have it. */
  readonly host: string
  /** Lets plain HTTP and any certificate pass. */
  readonly insecure: boolean
  readonly transport: Transport
  readonly credentials: CredentialLookup
  readonly secrets: Secrets
  readonly policy: RetryPolicy
  readonly note: (message: string) => void
}

export function createConnection(options: ConnectionOptions): Connection {
  return new HostConnection(options)
}

class HostConnection implements Connection {
  readonly #options: ConnectionOptions
  #base: Promise<Base> | null = null

  constructor(options: ConnectionOptions) {
    this.#options = options
  }

  ask<T>(ask: Ask, read: (answer: Answer) => Promise<T> | T): Promise<T> {
    return this.retry(() => this.#askOnce(ask, read), ask.signal)
  }

  retry<T>(attempt: (number: number) => Promise<T>, signal?: AbortSignal): Promise<T> {
    const { policy, note, secrets } = this.#options
    return retrying({ policy, signal, note: (message) => note(secrets.redact(message)) }, attempt)
  }

  async open(ask: Ask): Promise<Answer> {
    const answer = await this.#send(ask)
    if (ask.expect.includes(answer.status)) return answer
    throw await this.#problem(ask, answer)
  }

  async #askOnce<T>(ask: Ask, read: (answer: Answer) => Promise<T> | T): Promise<T> {
    const answer = await this.open(ask)
    try {
      return await read(answer)
    } catch (error) {
      throw this.#explain(ask, error)
    } finally {
      drop(answer)
    }
  }

  async #send(ask: Ask): Promise<Answer> {
    const { base, authorizer } = await this.#reach(ask)
    const url = typeof ask.to === 'string' ? new URL(ask.to, base) : ask.to
    const own = url.origin === base.origin
    const used = own ? await authorizer.header(ask.scopes, ask.signal) : null
    const answer = await this.#exchange(ask, url, used)
    if (!own || (answer.status !== 401 && answer.status !== 403)) return answer
    const header = answer.header('www-authenticate')
    if (answer.status === 403 && !header?.includes('insufficient_scope')) return answer
    if (!(await authorizer.challenged(header, ask.scopes, used))) return answer
    drop(answer)
    return this.#exchange(ask, url, await authorizer.header(ask.scopes, ask.signal))
  }

  async #exchange(ask: Ask, url: URL, authorization: string | null): Promise<Answer> {
    const { method, headers = {}, body, signal } = ask
    const all = authorization === null ? headers : { ...headers, authorization }
    const request = { method, url, headers: all, signal, ...(body !== undefined && { body }) }
    try {
      const send = (each: HttpRequest): Promise<HttpResponse> => this.#options.transport.send(each)
      if (ask.follow === false) return { ...(await send(request)), url }
      const followed = await following(request, ask, send)
      return { ...followed.response, url: followed.url }
    } catch (error) {
      throw this.#explain(ask, error)
    }
  }

  /** Where the registry answers: HTTPS, or HTTP where that is allowed and the other end speaks nothing else. */
  async #reach(ask: Ask): Promise<Base> {
    this.#base ??= this.#find(ask)
    try {
      return await this.#base
    } catch (error) {
      this.#base = null
      throw error
    }
  }

  async #find(ask: Ask): Promise<Base> {
    const { host, insecure, transport } = this.#options
    const base = new URL(`https://${apiHostOf(host)}/`)
    if (!insecure && !isLoopback(base.hostname)) return this.#baseAt(base)
    try {
      const probe = { method: 'GET', url: new URL('/v2/', base), headers: {}, signal: ask.signal } as const
      const answer = await transport.send(probe)
      drop(answer)
      return this.#baseAt(base)
    } catch (error) {
      if (!isNotTls(error)) throw this.#explain(ask, error)
      return this.#baseAt(new URL(`http://${host}/`))
    }
  }

  #baseAt(base: URL): Base {
    const { host, credentials, transport, secrets } = this.#options
    const secure = base.protocol === 'https:'
    const sendOne = (request: HttpRequest): Promise<HttpResponse> => transport.send(request)
    const send = async (request: HttpRequest): Promise<HttpResponse> => {
      const purpose = { operation: 'get token', subject: nameOfUrl(request.url) }
      try {
        // What is posted is an identity token: it goes nowhere else.
        if (request.method !== 'GET') return await sendOne(request)
        return (await following(request, purpose, sendOne)).response
      } catch (error) {
        throw this.#explain({ ...purpose, signal: request.signal }, error)
      }
    }
    return { base, authorizer: createAuthorizer({ host, secure, credentials, secrets, send }) }
  }

  async #problem(ask: Ask, answer: Answer): Promise<RegistryError> {
    const { secrets } = this.#options
    const body = secrets.redact(await readText(answer.body, LARGEST_PROBLEM).catch(() => ''))
    const problem = problemOfAnswer(ask, answer.status, answer.header('content-type') ?? '', body)
    if (!isTemporaryStatus(answer.status)) return problem
    return new TemporaryError(problem, parseRetryAfter(answer.header('retry-after'), Date.now()))
  }

  /** Trouble of the connection in words; other errors pass as they are. */
  #explain({ operation, subject, signal }: Purpose & Pick<Ask, 'signal'>, error: unknown): unknown {
    if (signal?.aborted) return signal.reason
    if (!(error instanceof Error) || error instanceof RegistryError || !('code' in error)) return error
    const code = String(error.code ?? '')
    if (code.startsWith('ERR_INPUT')) return error
    const advice = error.name === 'HTTPParserError' ? NO_HTTP : ADVICE[code]
    const problem = new RegistryError({ operation, subject, cause: error, ...(advice !== undefined && { advice }) })
    return isTemporary(error) ? new TemporaryError(problem, null) : problem
  }
}

/** Lets the connection be used again: the rest of a body that nobody wants is read and thrown away. */
function drop({ body }: HttpResponse): void {
  body.resume().on('error', () => {})
}

interface Base {
  readonly base: URL
  readonly authorizer: Authorizer
}

const ALLOW = 'let it pass with --insecure-registry, or with insecure=true for an output'
const NO_HTTP = 'check that the host and the port of the name are those of a registry'
const PLAIN_HTTP = `the registry speaks plain HTTP: ${ALLOW}`
const UNKNOWN_AUTHORITY = `give the certificate of its authority with --ca, or ${ALLOW}`
const ADVICE: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nobody listens there: check the host and the port of the name',
  ENOTFOUND: 'there is no such host: check the name',
  ERR_TLS_CERT_ALTNAME_INVALID: 'the certificate is for another host',
  DEPTH_ZERO_SELF_SIGNED_CERT: UNKNOWN_AUTHORITY,
  SELF_SIGNED_CERT_IN_CHAIN: UNKNOWN_AUTHORITY,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: UNKNOWN_AUTHORITY,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: UNKNOWN_AUTHORITY,
  CERT_HAS_EXPIRED: 'the certificate of the registry is out of date',
  ERR_SSL_WRONG_VERSION_NUMBER: PLAIN_HTTP,
  EPROTO: PLAIN_HTTP
}

/** Bytes of an error's body that are read. */
const LARGEST_PROBLEM = 64 * 1024
