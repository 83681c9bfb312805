import { isRepository } from '../../image/names.js'
import { deleteBlob, getBlob } from './blobs.js'
import { listRepositories } from './catalog.js'
import { type Handler, jsonReply, Refusal, type Reply, type Request } from './exchange.js'
import { deleteManifest, getManifest, putManifest } from './manifests.js'
import { listReferrers } from './referrers.js'
import type { RegistryStorage } from './storage.js'
import { listTags } from './tags.js'
import { appendUpload, beginUpload, cancelUpload, finishUpload, getUpload } from './uploads.js'

export interface RouteOptions {
  /** Refuses everything that would change something. */
  readonly readOnly: boolean
}

type Methods = Readonly<Record<string, () => Promise<Reply>>>

/** The endpoints of distribution-spec, "Endpoints", and the list of repositories. */
export function createRoutes(storage: RegistryStorage, { readOnly }: RouteOptions): Handler {
  return async (request) => {
    if (/^\/v2\/?$/.test(request.path)) return jsonReply(200, {})
    const methods = match(storage, request)
    if (!methods) throw new Refusal(404, 'UNSUPPORTED', 'no such endpoint')
    const method = request.method === 'HEAD' ? 'GET' : request.method
    if (readOnly && method !== 'GET')
      throw new Refusal(405, 'UNSUPPORTED', 'this registry is read-only', { Allow: 'GET' })
    const handler = methods[method]
    if (handler) return handler()
    throw new Refusal(405, 'UNSUPPORTED', `${request.method} is not for this`, {
      Allow: Object.keys(methods).join(', ')
    })
  }
}

function match(storage: RegistryStorage, request: Request): Methods | null {
  if (request.path === '/v2/_catalog') return { GET: () => listRepositories(storage, request) }
  for (const [pattern, methods] of ENDPOINTS) {
    const [, name, reference = ''] = pattern.exec(request.path) ?? []
    if (name === undefined) continue
    if (!isRepository(name)) throw new Refusal(400, 'NAME_INVALID', 'not a repository name')
    return methods(storage, request, name, reference)
  }
  return null
}

type Endpoint = (storage: RegistryStorage, request: Request, name: string, reference: string) => Methods

const ENDPOINTS: readonly (readonly [RegExp, Endpoint])[] = [
  [
    /^\/v2\/(.+)\/blobs\/uploads\/?$/,
    (storage, request, name) => ({ POST: () => beginUpload(storage, request, name) })
  ],
  [
    /^\/v2\/(.+)\/blobs\/uploads\/([^/]+)$/,
    (storage, request, name, id) => ({
      GET: () => getUpload(storage, name, id),
      PATCH: () => appendUpload(storage, request, name, id),
      PUT: () => finishUpload(storage, request, name, id),
      DELETE: () => cancelUpload(storage, name, id)
    })
  ],
  [
    /^\/v2\/(.+)\/blobs\/([^/]+)$/,
    (storage, request, name, digest) => ({
      GET: () => getBlob(storage, request, name, digest),
      DELETE: () => deleteBlob(storage, name, digest)
    })
  ],
  [
    /^\/v2\/(.+)\/manifests\/([^/]+)$/,
    (storage, request, name, reference) => ({
      GET: () => getManifest(storage, name, reference),
      PUT: () => putManifest(storage, request, name, reference),
      DELETE: () => deleteManifest(storage, name, reference)
    })
  ],
  [/^\/v2\/(.+)\/tags\/list$/, (storage, request, name) => ({ GET: () => listTags(storage, request, name) })],
  [
    /^\/v2\/(.+)\/referrers\/([^/]+)$/,
    (storage, request, name, digest) => ({ GET: () => listReferrers(storage, request, name, digest) })
  ]
]
