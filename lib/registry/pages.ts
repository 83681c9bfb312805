import type { Remote } from './client.js'
import type { Answer } from './connection.js'
import { type Purpose, RegistryError } from './problem.js'
import { readBytes } from './read-text.js'
import { pullScopes } from './scopes.js'

export interface PagesRequest extends Purpose {
  /** A path below the registry's address. */
  readonly to: string
  /** Statuses besides 200 that mean an empty list. */
  readonly empty?: readonly number[]
  readonly signal?: AbortSignal | undefined
}

/** One page of a list, and the headers it came with. */
export interface Page {
  readonly document: unknown
  readonly header: Answer['header']
}

/**
 * Reads a list page by page (RFC 8288 as distribution-spec uses it, "Listing Tags"). A Link that repeats, leaves the
 * host or never ends is refused.
 */
export async function readPages(remote: Remote, request: PagesRequest): Promise<readonly Page[]> {
  const pages: Page[] = []
  const seen = new Set<string>()
  for (let to: string | URL | null = request.to; to !== null; ) {
    if (seen.has(String(to))) throw endless(request, 'a Link that leads back')
    if (seen.size >= MOST_PAGES) throw endless(request, 'more')
    seen.add(String(to))
    const { page, next } = await readPage(remote, request, to)
    if (page) pages.push(page)
    to = next
  }
  return pages
}

async function readPage(remote: Remote, request: PagesRequest, to: string | URL) {
  const { operation, subject, empty = [], signal } = request
  const scopes = pullScopes(remote.repository)
  const ask = { operation, subject, method: 'GET', to, scopes, expect: [200, ...empty], signal } as const
  return remote.documents.run(() =>
    remote.connection.ask(ask, async (answer) => {
      if (answer.status !== 200) return { page: null, next: null }
      const page = { document: parse(await readBytes(answer.body, LARGEST_PAGE), request), header: answer.header }
      return { page, next: nextOf(answer, request) }
    })
  )
}

function nextOf(answer: Answer, request: PagesRequest): URL | null {
  const [, target] = /<([^>]*)>\s*;[^,]*rel="?next"?/i.exec(answer.header('link') ?? '') ?? []
  if (target === undefined) return null
  const next = URL.canParse(target, answer.url.href) ? new URL(target, answer.url) : null
  if (next?.origin === answer.url.origin) return next
  throw endless(request, 'a Link to another host')
}

function parse(bytes: Buffer, { operation, subject }: PagesRequest): unknown {
  try {
    if (bytes.length <= LARGEST_PAGE) return JSON.parse(bytes.toString())
  } catch {}
  const found = bytes.length > LARGEST_PAGE ? 'a page of more than 4 MiB' : 'something else'
  throw new RegistryError({ operation, subject, expected: 'a list in JSON', found })
}

function endless({ operation, subject }: PagesRequest, found: string): RegistryError {
  return new RegistryError({ operation, subject, expected: `a list of at most ${MOST_PAGES} pages`, found })
}

/** Of a thousand entries each, as large as registries give them. */
const MOST_PAGES = 1000
const LARGEST_PAGE = 4 * 2 ** 20
