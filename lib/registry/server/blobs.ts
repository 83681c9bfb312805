import { type Digest, isDigest } from '../../blob/digest.js'
import { Refusal, type Reply, type Request } from './exchange.js'
import { parseRange } from './range.js'
import type { RegistryStorage } from './storage.js'

/** Distribution-spec, "Pulling blobs". */
export async function getBlob(storage: RegistryStorage, request: Request, name: string, text: string): Promise<Reply> {
  const digest = requireDigest(text)
  const size = (await storage.repositories.hasBlob(name, digest)) ? await storage.contents.size(digest) : null
  if (size === null) throw new Refusal(404, 'BLOB_UNKNOWN', `no blob ${digest} in ${name}`)
  const headers = {
    'Content-Type': 'application/octet-stream',
    'Docker-Content-Digest': digest,
    'Accept-Ranges': 'bytes'
  }
  const range = parseRange(request.headers.range, size)
  if (range === 'unsatisfiable') {
    throw new Refusal(416, 'SIZE_INVALID', `the range lies beyond ${size} bytes`, {
      'Content-Range': `bytes */${size}`
    })
  }
  if (range === null) {
    return {
      status: 200,
      headers: { ...headers, 'Content-Length': String(size) },
      body: () => storage.contents.open(digest, size)
    }
  }
  return {
    status: 206,
    headers: {
      ...headers,
      'Content-Length': String(range.end - range.start),
      'Content-Range': `bytes ${range.start}-${range.end - 1}/${size}`
    },
    body: () => storage.contents.open(digest, size, range)
  }
}

/** Distribution-spec, "Deleting Blobs". */
export async function deleteBlob(storage: RegistryStorage, name: string, text: string): Promise<Reply> {
  const digest = requireDigest(text)
  if (await storage.repositories.removeBlob(name, digest)) return { status: 202, headers: { 'Content-Length': '0' } }
  throw new Refusal(404, 'BLOB_UNKNOWN', `no blob ${digest} in ${name}`)
}

export function requireDigest(text: string): Digest {
  if (isDigest(text)) return text
  throw new Refusal(400, 'DIGEST_INVALID', 'not a sha256 or sha512 digest')
}
