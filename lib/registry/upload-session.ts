import type { Readable } from 'node:stream'
import type { Answer, Ask } from './connection.js'
import { RegistryError } from './problem.js'
import type { BlobPush } from './push-blob.js'
import { locate } from './redirects.js'
import { pushScopes } from './scopes.js'

/** An upload that a registry has opened (distribution-spec, "Pushing a blob in chunks"). */
export interface UploadSession {
  /** Where the next request goes; it may change with every answer. */
  readonly location: URL
  /** Bytes that a chunk may have at least and at most, as far as the registry says. */
  readonly shortest: number
  readonly longest: number
  /** Bytes that the last answer said it has, where it said so. */
  readonly received?: number
}

/** Bytes of a blob that go in one request. */
export interface Chunk {
  /** Where they stand, for Content-Range; null without one, as a whole blob and a stream are sent. */
  readonly start: number | null
  /** Bytes; null where that is not known yet. */
  readonly length: number | null
  readonly body: () => Readable
}

/** Opens an upload. 'created': the registry has the blob now, from the repository that `query` names. */
export function beginUpload(
  push: BlobPush,
  query: Readonly<Record<string, string>> = {},
  scopes: readonly string[] = []
): Promise<UploadSession | 'created'> {
  const { repository } = push.remote
  const search = Object.entries(query).map(([key, value]) => `${key}=${value}`)
  const ask: Ask = {
    ...purposeOf(push),
    method: 'POST',
    to: `/v2/${repository}/blobs/uploads/${search.length > 0 ? `?${search.join('&')}` : ''}`,
    headers: { 'content-length': '0' },
    scopes: [...pushScopes(repository), ...scopes],
    expect: search.length > 0 ? [201, 202] : [202],
    signal: push.signal
  }
  return push.remote.connection.ask(ask, (answer) => (answer.status === 201 ? 'created' : sessionOf(ask, answer)))
}

/** Sends a chunk once and gives the session as it is after it. */
export async function sendChunk(push: BlobPush, session: UploadSession, chunk: Chunk): Promise<UploadSession> {
  const ask = askFor(push, session.location, 'PATCH', chunk, [202, 201, 204])
  const answer = await push.remote.connection.open(ask)
  answer.body.resume().on('error', () => {})
  return answer.header('location') === undefined ? session : sessionOf(ask, answer, session)
}

/** Ends the upload, with the last chunk. */
export async function endUpload(push: BlobPush, session: UploadSession, digest: string, chunk: Chunk): Promise<void> {
  const ask = askFor(push, withDigest(session.location, digest), 'PUT', chunk, [201, 204])
  const answer = await push.remote.connection.open(ask)
  answer.body.resume().on('error', () => {})
  const found = answer.header('docker-content-digest')
  if (found === undefined || found === digest || found.split(':')[0] !== digest.split(':')[0]) return
  throw new RegistryError({ ...purposeOf(push), expected: digest, found })
}

/** How many bytes the registry has, at most, or null where it doesn't say. */
export function askOffset(push: BlobPush, session: UploadSession): Promise<number | null> {
  const ask = askFor(push, session.location, 'GET', null, [204, 200, 202])
  return push.remote.connection.ask(ask, (answer) => {
    const received = receivedOf(answer)
    // `0-0` is what nothing looks like, and one byte too.
    return received === 1 ? 0 : (received ?? null)
  })
}

function receivedOf(answer: Answer): number | undefined {
  const [, last] = /^(?:bytes=)?0-(\d+)$/.exec(answer.header('range') ?? '') ?? []
  return last === undefined ? undefined : Number(last) + 1
}

/** Tells the registry to forget it; that it can't is nobody's trouble. */
export async function cancelUpload(push: BlobPush, session: UploadSession): Promise<void> {
  const ask = askFor(push, session.location, 'DELETE', null, [204, 202, 200])
  await push.remote.connection.ask(ask, () => {}).catch(() => {})
}

export function purposeOf({ remote, blob }: BlobPush) {
  return {
    operation: 'push blob',
    subject: `${remote.subject}, ${blob.known ? `blob ${blob.known.digest}` : 'new blob'}`
  }
}

function askFor(push: BlobPush, to: URL, method: Ask['method'], chunk: Chunk | null, expect: readonly number[]): Ask {
  const { repository } = push.remote
  return {
    ...purposeOf(push),
    method,
    to,
    headers: chunk ? headersOf(chunk) : {},
    ...(chunk && { body: chunk.body }),
    scopes: pushScopes(repository),
    expect,
    signal: push.signal
  }
}

function headersOf({ start, length }: Chunk): Record<string, string> {
  return {
    'content-type': 'application/octet-stream',
    ...(length !== null && { 'content-length': String(length) }),
    ...(start !== null && length !== null && length > 0 && { 'content-range': `${start}-${start + length - 1}` })
  }
}

/** A registry's Location has a query of its own, which stays as it is. */
function withDigest(location: URL, digest: string): URL {
  return new URL(`${location.href}${location.search === '' ? '?' : '&'}digest=${digest}`)
}

function sessionOf(ask: Ask, answer: Answer, before?: UploadSession): UploadSession {
  const shortest = Number(answer.header('oci-chunk-min-length') ?? before?.shortest ?? 0)
  const longest = Number(answer.header('oci-chunk-max-length') ?? before?.longest ?? Infinity)
  const received = receivedOf(answer)
  return {
    ...(received !== undefined && { received }),
    location: locate(answer.url, answer.header('location'), ask),
    shortest: Number.isFinite(shortest) ? shortest : 0,
    longest: longest > 0 ? longest : Infinity
  }
}
