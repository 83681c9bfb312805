import { codeOf, InputError, LayerpipeError } from '../errors.js'
import { type Purpose, RegistryError } from './problem.js'
import { following } from './redirects.js'
import { isTemporaryStatus, parseRetryAfter, type RetryPolicy, retrying, TemporaryError } from './retry.js'
import { basicOf } from './token.js'
import type { HttpRequest, HttpResponse, Transport } from './transport.js'

/** What is wanted of a server that need not be a registry. */
export interface UrlRequest extends Purpose {
  readonly url: URL
  readonly signal?: AbortSignal | undefined
}

export interface UrlFetching {
  readonly transport: Transport
  readonly policy: RetryPolicy
  /** Hears of every wait. */
  readonly note: (message: string) => void
}

/**
 * Fetches what a URL leads to and reads it with `read`: redirects are followed, and what may pass is tried again, the
 * reading included. No credentials are sent but those in the URL.
 *
 * @throws InputError where it can't be had
 */
export async function fetchUrl<T>(
  request: UrlRequest,
  read: (answer: HttpResponse) => Promise<T>,
  { transport, policy, note }: UrlFetching
): Promise<T> {
  const { signal } = request
  try {
    return await retrying({ policy, signal, note }, async () => read(await ask(request, transport)))
  } catch (error) {
    throw signal?.aborted ? signal.reason : explain(request, error)
  }
}

async function ask(request: UrlRequest, transport: Transport): Promise<HttpResponse> {
  const { operation, subject } = request
  const send = (each: HttpRequest): Promise<HttpResponse> => transport.send(each)
  const { response } = await following(toHttp(request), { operation, subject }, send)
  const { status } = response
  if (status >= 200 && status < 300) return response
  response.body.resume().on('error', () => {})
  const problem = new RegistryError({ operation, subject, expected: 'success', found: `status ${status}` }, status)
  if (!isTemporaryStatus(status)) throw problem
  throw new TemporaryError(problem, parseRetryAfter(response.header('retry-after'), Date.now()))
}

/** Bytes are asked for as they are: a compression on the way would be another file for who has its digest. */
function toHttp({ url, signal }: UrlRequest): HttpRequest {
  const bare = new URL(url)
  bare.username = ''
  bare.password = ''
  const [user, password] = [url.username, url.password].map(decodeURIComponent)
  const authorization = user || password ? { authorization: basicOf(user ?? '', password ?? '') } : {}
  return { method: 'GET', url: bare, headers: { 'accept-encoding': 'identity', ...authorization }, signal }
}

/** What no registry said is no error of a registry. */
function explain({ operation, subject }: UrlRequest, error: unknown): unknown {
  if (error instanceof RegistryError) return new InputError(error.problem)
  if (error instanceof LayerpipeError || codeOf(error) === null) return error
  return new InputError({ operation, subject, cause: error })
}
