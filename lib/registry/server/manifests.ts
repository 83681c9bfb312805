import type { Readable } from 'node:stream'
import { algorithmOf, type Digest, digestOf, isDigest } from '../../blob/digest.js'
import { isTag } from '../../image/names.js'
import { LARGEST_DOCUMENT } from '../../image/parse-json.js'
import { Refusal, type Reply, type Request } from './exchange.js'
import { readManifestRecord } from './manifest-document.js'
import { chunksOf } from './request-body.js'
import type { ManifestRecord, RegistryStorage } from './storage.js'

/** Distribution-spec, "Pulling manifests". */
export async function getManifest(storage: RegistryStorage, name: string, reference: string): Promise<Reply> {
  const { digest, mediaType, size } = await requireManifest(storage, name, reference)
  const headers = { 'Content-Type': mediaType, 'Content-Length': String(size), 'Docker-Content-Digest': digest }
  return { status: 200, headers, body: () => storage.contents.open(digest, size) }
}

/**
 * Distribution-spec, "Pushing Manifests" and "Pushing Manifests with Subject". Children need not be there: sparse
 * images and indexes are taken.
 */
export async function putManifest(
  storage: RegistryStorage,
  request: Request,
  name: string,
  reference: string
): Promise<Reply> {
  const expected = requireReference(reference)
  const bytes = await readAll(request.body)
  const digest = digestOf(bytes, expected === null ? 'sha256' : algorithmOf(expected))
  if (expected !== null && expected !== digest) {
    throw new Refusal(400, 'DIGEST_INVALID', `the manifest received is ${digest}`)
  }
  const record = readManifestRecord(bytes, digest, request.headers['content-type'] ?? '')
  const tags = [...(expected === null ? [reference] : []), ...request.query.getAll('tag')]
  for (const tag of tags) requireReference(tag)
  await storage.contents.put(digest, bytes)
  await storage.repositories.addManifest(name, record)
  for (const tag of tags) await storage.repositories.setTag(name, tag, digest)
  return { status: 201, headers: receiptOf(name, record, tags) }
}

/** Distribution-spec, "Deleting Manifests" and "Deleting tags". */
export async function deleteManifest(storage: RegistryStorage, name: string, reference: string): Promise<Reply> {
  const { repositories } = storage
  const digest = requireReference(reference)
  const removed = await (digest === null
    ? repositories.removeTag(name, reference)
    : repositories.removeManifest(name, digest))
  if (removed) return { status: 202, headers: { 'Content-Length': '0' } }
  throw unknown(name, reference)
}

function receiptOf(name: string, { digest, subject }: ManifestRecord, tags: readonly string[]): Record<string, string> {
  return {
    Location: `/v2/${name}/manifests/${digest}`,
    'Docker-Content-Digest': digest,
    'Content-Length': '0',
    ...(subject !== undefined && { 'OCI-Subject': subject }),
    ...(tags.length > 0 && { 'OCI-Tag': tags.join(', ') })
  }
}

async function requireManifest(storage: RegistryStorage, name: string, reference: string): Promise<ManifestRecord> {
  const digest = requireReference(reference) ?? (await storage.repositories.tag(name, reference))
  const record = digest === null ? null : await storage.repositories.manifest(name, digest)
  if (record) return record
  throw unknown(name, reference)
}

/** The digest that a reference is, or null for a tag. */
function requireReference(reference: string): Digest | null {
  if (isDigest(reference)) return reference
  if (isTag(reference)) return null
  throw reference.includes(':')
    ? new Refusal(400, 'DIGEST_INVALID', 'not a sha256 or sha512 digest')
    : new Refusal(400, 'MANIFEST_INVALID', 'neither a tag nor a digest')
}

function unknown(name: string, reference: string): Refusal {
  return new Refusal(404, 'MANIFEST_UNKNOWN', `no manifest ${reference} in ${name}`)
}

async function readAll(body: Readable): Promise<Buffer> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of chunksOf(body)) {
    size += chunk.length
    if (size > LARGEST_DOCUMENT)
      throw new Refusal(413, 'SIZE_INVALID', `a manifest has at most ${LARGEST_DOCUMENT} bytes`)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}
