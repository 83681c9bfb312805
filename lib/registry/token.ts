import { fieldAt, jsonOrNull, textAt } from '../loose-json.js'
import type { Credentials } from './credential.js'
import { problemOfAnswer, RegistryError } from './problem.js'
import { readText } from './read-text.js'
import { isTemporaryStatus, parseRetryAfter, TemporaryError } from './retry.js'
import type { Secrets } from './secrets.js'
import { nameOfUrl } from './secrets.js'
import type { HttpRequest, HttpResponse } from './transport.js'

export interface TokenRequest {
  readonly realm: URL
  readonly service: string | undefined
  readonly scopes: readonly string[]
  readonly credentials: Credentials | null
  readonly send: (request: HttpRequest) => Promise<HttpResponse>
  readonly secrets: Secrets
  readonly signal?: AbortSignal | undefined
}

export interface Token {
  readonly text: string
  /** On the clock of `Date.now`, shortly before the service says it ends. */
  readonly expires: number
}

/** Gets a token from a token service: POST with an identity token (OAuth 2), else GET (docker's token protocol). */
export async function fetchToken(request: TokenRequest): Promise<Token> {
  const { realm, scopes, secrets } = request
  const purpose = { operation: 'get token', subject: `${nameOfUrl(realm)} for ${scopes.join(' ')}` }
  const began = Date.now()
  const answer = await request.send(toHttp(request))
  const body = await readText(answer.body, LARGEST)
  if (answer.status !== 200) {
    const problem = problemOfAnswer(purpose, answer.status, answer.header('content-type') ?? '', secrets.redact(body))
    if (!isTemporaryStatus(answer.status)) throw problem
    throw new TemporaryError(problem, parseRetryAfter(answer.header('retry-after'), Date.now()))
  }
  const { token, seconds } = parseToken(body)
  if (token === null) throw new RegistryError({ ...purpose, expected: 'a token', found: 'an answer without one' })
  secrets.add(token)
  return { text: token, expires: began + Math.max(0, seconds * 1000 - Math.min(MARGIN, seconds * 200)) }
}

function toHttp({ realm, service, scopes, credentials, signal }: TokenRequest): HttpRequest {
  if (credentials?.kind === 'identity-token') {
    const form = new URLSearchParams({
      grant_type: 'refresh_token',
      client_id: 'layerpipe',
      service: service ?? '',
      scope: scopes.join(' '),
      refresh_token: credentials.token
    })
    const headers = { 'content-type': 'application/x-www-form-urlencoded' }
    return { method: 'POST', url: realm, headers, body: Buffer.from(form.toString()), signal }
  }
  const url = new URL(realm)
  if (service !== undefined) url.searchParams.set('service', service)
  for (const scope of scopes) url.searchParams.append('scope', scope)
  if (credentials?.kind !== 'password') return { method: 'GET', url, headers: {}, signal }
  url.searchParams.set('account', credentials.user)
  return { method: 'GET', url, headers: { authorization: basicOf(credentials.user, credentials.password) }, signal }
}

export function basicOf(user: string, password: string): string {
  return `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`
}

function parseToken(body: string): { readonly token: string | null; readonly seconds: number } {
  const document = jsonOrNull(body)
  const seconds = fieldAt(document, 'expires_in')
  return {
    token: textAt(document, 'token') ?? textAt(document, 'access_token'),
    seconds: typeof seconds === 'number' && seconds > 0 ? seconds : DEFAULT_SECONDS
  }
}

/** Of docker's token protocol: what a service that says nothing means. */
const DEFAULT_SECONDS = 60
/** Milliseconds before its end that a token is no longer used: the request has to arrive, and clocks differ. */
const MARGIN = 10_000
/** Bytes of an answer that are read: tokens have a few thousand. */
const LARGEST = 2 ** 20
