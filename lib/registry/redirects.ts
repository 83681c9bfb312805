import { type Purpose, RegistryError } from './problem.js'
import { nameOfUrl } from './secrets.js'
import type { HttpRequest, HttpResponse } from './transport.js'

/** An answer and where it came from at last. */
export interface Followed {
  readonly url: URL
  readonly response: HttpResponse
}

/**
 * Sends a request and follows its redirects: at most 10, never from HTTPS to HTTP. Authorization and cookies don't go
 * to another origin. Requests with a body only follow those that keep the method (RFC 9110, 15.4).
 */
export async function following(
  request: HttpRequest,
  purpose: Purpose,
  send: (request: HttpRequest) => Promise<HttpResponse>
): Promise<Followed> {
  let current = request
  for (let hop = 0; hop <= MOST_HOPS; hop += 1) {
    const response = await send(current)
    if (!isRedirect(response.status, current.method)) return { url: current.url, response }
    response.body.resume().on('error', () => {})
    current = redirected(current, response.header('location'), purpose)
  }
  throw new RegistryError({
    ...purpose,
    expected: `at most ${MOST_HOPS} redirects`,
    found: `more, at last ${nameOfUrl(current.url)}`
  })
}

/** Where a `Location` leads. It may be relative; it must not weaken HTTPS to HTTP. */
export function locate(base: URL, location: string | undefined, purpose: Purpose): URL {
  if (location === undefined || !URL.canParse(location, base.href)) {
    throw new RegistryError({
      ...purpose,
      expected: 'a Location',
      found: location === undefined ? 'none' : 'one that is no URL'
    })
  }
  const url = new URL(location, base)
  const weaker = base.protocol === 'https:' ? url.protocol !== 'https:' : !/^https?:$/.test(url.protocol)
  if (!weaker) return url
  throw new RegistryError({ ...purpose, expected: `a Location with ${base.protocol}//`, found: nameOfUrl(url) })
}

function isRedirect(status: number, method: string): boolean {
  const anyMethod = status === 307 || status === 308
  return anyMethod || ((method === 'GET' || method === 'HEAD') && (status === 301 || status === 302 || status === 303))
}

function redirected(request: HttpRequest, location: string | undefined, purpose: Purpose): HttpRequest {
  const url = locate(request.url, location, purpose)
  if (url.origin === request.url.origin) return { ...request, url }
  const { authorization: _, cookie: __, ...headers } = request.headers
  return { ...request, url, headers }
}

const MOST_HOPS = 10
