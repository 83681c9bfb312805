import type { DigestAlgorithm } from '../../blob/digest.js'
import { isRepository } from '../../image/names.js'
import { requireDigest } from './blobs.js'
import { Refusal, type Reply, type Request } from './exchange.js'
import { parseContentRange } from './range.js'
import type { RegistryStorage, UploadSession } from './storage.js'

/** Distribution-spec, "Pushing Blobs" and "Mounting a blob from another repository". */
export async function beginUpload(storage: RegistryStorage, request: Request, name: string): Promise<Reply> {
  const mount = request.query.get('mount')
  if (mount !== null && (await mountBlob(storage, name, mount, request.query.get('from')))) return created(name, mount)
  const digest = request.query.get('digest')
  const algorithm = algorithmAsked(request.query.get('digest-algorithm') ?? digest)
  if (digest !== null) requireDigest(digest)
  const session = await storage.uploads.begin(name, algorithm)
  return digest === null ? accepted(session) : session.exclusively(() => finish(session, request, digest))
}

/** Distribution-spec, "Pushing a blob in chunks"; without Content-Range a stream, as Docker sends it. */
export async function appendUpload(
  storage: RegistryStorage,
  request: Request,
  name: string,
  id: string
): Promise<Reply> {
  return inTurn(storage, name, id, async (session) => {
    await append(session, request)
    return accepted(session)
  })
}

/** Ends an upload; the body may hold the last chunk, or all of it. */
export async function finishUpload(
  storage: RegistryStorage,
  request: Request,
  name: string,
  id: string
): Promise<Reply> {
  const digest = requireDigest(request.query.get('digest') ?? '')
  return inTurn(storage, name, id, (session) => finish(session, request, digest))
}

export async function getUpload(storage: RegistryStorage, name: string, id: string): Promise<Reply> {
  return inTurn(storage, name, id, async (session) => ({ status: 204, headers: progressOf(session) }))
}

export async function cancelUpload(storage: RegistryStorage, name: string, id: string): Promise<Reply> {
  return inTurn(storage, name, id, async (session) => {
    await session.cancel()
    return { status: 204, headers: {} }
  })
}

async function mountBlob(storage: RegistryStorage, name: string, mount: string, from: string | null): Promise<boolean> {
  const digest = requireDigest(mount)
  if (from !== null && !isRepository(from)) throw new Refusal(400, 'NAME_INVALID', 'from is not a repository name')
  if (from !== null && !(await storage.repositories.hasBlob(from, digest))) return false
  if ((await storage.contents.size(digest)) === null) return false
  await storage.repositories.addBlob(name, digest)
  // It may have been collected before anybody could see that it is wanted here.
  return (await storage.contents.size(digest)) !== null
}

function algorithmAsked(text: string | null): DigestAlgorithm {
  if (text === null || text.startsWith('sha256')) return 'sha256'
  if (text.startsWith('sha512')) return 'sha512'
  throw new Refusal(400, 'DIGEST_INVALID', 'only sha256 and sha512 are known')
}

async function inTurn(
  storage: RegistryStorage,
  name: string,
  id: string,
  work: (session: UploadSession) => Promise<Reply>
): Promise<Reply> {
  const session = await requireSession(storage, name, id)
  return session.exclusively(async () => {
    await requireSession(storage, name, id) // whose turn it was before may have ended it
    return work(session)
  })
}

async function requireSession(storage: RegistryStorage, name: string, id: string): Promise<UploadSession> {
  const session = await storage.uploads.find(name, id)
  if (session) return session
  throw new Refusal(404, 'BLOB_UPLOAD_UNKNOWN', 'no such upload, or it was finished or cancelled')
}

async function append(session: UploadSession, request: Request): Promise<void> {
  const header = request.headers['content-range']
  if (header === undefined) return session.append(request.body)
  const chunk = parseContentRange(header)
  if (!chunk) throw new Refusal(400, 'BLOB_UPLOAD_INVALID', 'Content-Range is not START-END')
  if (chunk.start !== session.offset) {
    throw new Refusal(416, 'BLOB_UPLOAD_INVALID', `the next byte is ${session.offset}`, progressOf(session))
  }
  const length = request.headers['content-length']
  if (length !== undefined && Number(length) !== chunk.length) {
    throw new Refusal(400, 'SIZE_INVALID', 'Content-Length and Content-Range disagree')
  }
  await session.append(request.body)
  if (session.offset !== chunk.start + chunk.length) {
    await session.cancel()
    throw new Refusal(400, 'SIZE_INVALID', 'the chunk is not as long as its Content-Range says')
  }
}

async function finish(session: UploadSession, request: Request, text: string): Promise<Reply> {
  const digest = requireDigest(text)
  await append(session, request)
  if (await session.finish(digest)) return created(session.repository, digest)
  throw new Refusal(400, 'DIGEST_INVALID', `the bytes received are not those of ${digest}`)
}

function created(name: string, digest: string): Reply {
  const headers = { Location: `/v2/${name}/blobs/${digest}`, 'Docker-Content-Digest': digest, 'Content-Length': '0' }
  return { status: 201, headers }
}

function accepted(session: UploadSession): Reply {
  return { status: 202, headers: { ...progressOf(session), 'Content-Length': '0' } }
}

function progressOf({ repository, id, offset }: UploadSession): Record<string, string> {
  return {
    Location: `/v2/${repository}/blobs/uploads/${id}`,
    Range: `0-${Math.max(0, offset - 1)}`,
    'Docker-Upload-UUID': id
  }
}
