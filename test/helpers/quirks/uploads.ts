import type { Quirk, Reply, Request } from '../../../lib/registry/server/index.js'
import { breaking } from './faults.js'

/* What registries do to uploads. */

/** Answers with a status instead of serving, where the condition holds. */
export function refuse(status: number, when: (request: Request) => boolean, code = 'UNSUPPORTED'): Quirk {
  return async (request, next) => {
    if (!when(request)) return next(request)
    request.body.resume()
    return { status, headers: {}, body: Buffer.from(JSON.stringify({ errors: [{ code, message: 'a quirk' }] })) }
  }
}

export const isHead = (request: Request): boolean => request.method === 'HEAD'
export const isUpload = (request: Request): boolean => request.path.includes('/blobs/uploads/')
export const isStatus = (request: Request): boolean => isUpload(request) && request.method === 'GET'
export const isEmptyEnd = (request: Request): boolean =>
  isUpload(request) && request.method === 'PUT' && request.headers['content-length'] === '0'
export const isLateChunk = (request: Request): boolean => /^[1-9]/.test(request.headers['content-range'] ?? '')

/** Begins an upload instead of mounting. */
export const declineMounts: Quirk = (request, next) => {
  request.query.delete('mount')
  return next(request)
}

/** Changes the answers of uploads. */
export function answerUploads(change: (reply: Reply, request: Request) => Reply): Quirk {
  return async (request, next) => {
    const reply = await next(request)
    return isUpload(request) ? change(reply, request) : reply
  }
}

export function withHeaders(reply: Reply, headers: Readonly<Record<string, string>>): Reply {
  return { ...reply, headers: { ...reply.headers, ...headers } }
}

/** 201 where 202 is meant, and a Range that stays at the first chunk. */
export const staleRange = answerUploads((reply, request) =>
  request.method === 'PATCH' && reply.status === 202
    ? { ...withHeaders(reply, { Range: '0-99999' }), status: 201 }
    : reply
)

/** A Range whose end is the byte after the last. */
export const exclusiveRange = answerUploads((reply) => {
  const [, last] = /^0-(\d+)$/.exec(reply.headers.Range ?? '') ?? []
  return last === undefined || last === '0' ? reply : withHeaders(reply, { Range: `0-${Number(last) + 1}` })
})

/** Asks for chunks of a certain length, and refuses others but the last. */
export function chunkLengths(shortest: number, longest: number): Quirk {
  return async (request, next) => {
    const length = Number(request.headers['content-length'] ?? 0)
    const wrong = length > longest || (request.method === 'PATCH' && length < shortest)
    if (isUpload(request) && wrong) return { status: 413, headers: {} }
    const limits = { 'OCI-Chunk-Min-Length': `${shortest}`, 'OCI-Chunk-Max-Length': `${longest}` }
    return withHeaders(await next(request), limits)
  }
}

/** A Location with a host and a query of its own, without which the upload is unknown. */
export const absoluteLocation: Quirk = async (request, next) => {
  const needsState = isUpload(request) && request.method !== 'POST'
  if (needsState && request.query.get('_state') !== 'a=b&c') return { status: 400, headers: {} }
  const reply = await next(request)
  const location = reply.headers.Location
  if (!location?.includes('/uploads/')) return reply
  return withHeaders(reply, { Location: `http://${request.headers.host}${location}?_state=a%3Db%26c` })
}

/** Breaks the connection of the first request that fits, after part of its body. */
export function breakOnce(when: (request: Request) => boolean): Quirk {
  let broken = false
  return async (request, next) => {
    if (broken || !when(request)) return next(request)
    broken = true
    return next({ ...request, body: breaking(request) })
  }
}

/** Says once that the blobs of a manifest are unknown, though they are there. */
export function lateBlobs(): Quirk {
  let told = false
  return refuse(
    404,
    (request) => {
      const tell = !told && request.method === 'PUT' && request.path.includes('/manifests/')
      told ||= tell
      return tell
    },
    'MANIFEST_BLOB_UNKNOWN'
  )
}

/** Leaves out a header everywhere. */
export function withoutHeader(name: string): Quirk {
  return async (request, next) => {
    const reply = await next(request)
    const { [name]: _, ...headers } = reply.headers
    return { ...reply, headers }
  }
}
