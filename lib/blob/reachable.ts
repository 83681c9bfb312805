import { InputError } from '../errors.js'
import { LARGEST_DOCUMENT } from '../image/parse-json.js'
import { jsonOrNull } from '../loose-json.js'
import type { Descriptor } from './descriptor.js'
import { algorithmOf, type Digest, digestOf, isDigest } from './digest.js'

/** Gives the bytes of a blob that is not larger than `limit`; null where it is absent or larger. */
export type ReadSmall = (digest: Digest, limit: number) => Promise<Buffer | null>

/**
 * All that can be reached from `roots`, through indexes and manifests of any media type, each with whether it may be
 * absent: layers with URLs of their own and subjects may.
 *
 * @throws InputError if a document on the way is damaged, because then nobody knows what it refers to
 */
export async function reachable(
  roots: readonly Pick<Descriptor, 'digest'>[],
  read: ReadSmall
): Promise<ReadonlyMap<Digest, { readonly optional: boolean }>> {
  const found = new Map<Digest, { readonly optional: boolean }>()
  const followed = new Set<Digest>()
  const waiting: Reference[] = roots.map(({ digest }) => ({ digest, isDocument: true, optional: false }))
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    found.set(next.digest, { optional: next.optional && found.get(next.digest)?.optional !== false })
    if (!next.isDocument || followed.has(next.digest)) continue
    followed.add(next.digest)
    waiting.push(...(await referencesOf(next.digest, read)))
  }
  return found
}

interface Reference {
  readonly digest: Digest
  /** Whether it refers to others in turn. */
  readonly isDocument: boolean
  readonly optional: boolean
}

async function referencesOf(digest: Digest, read: ReadSmall): Promise<readonly Reference[]> {
  const bytes = await read(digest, LARGEST_DOCUMENT)
  if (bytes === null) return []
  if (digestOf(bytes, algorithmOf(digest)) !== digest) throw damaged(digest)
  const document = jsonOrNull(bytes.toString()) // whatever null is, it refers to nothing
  if (!isRecord(document)) return []
  return [
    ...[document.manifests].flat().flatMap((each) => toReference(each, { isDocument: true, optional: false })),
    ...toReference(document.subject, { isDocument: true, optional: true }),
    ...[document.config, document.layers, document.blobs]
      .flat()
      .flatMap((each) => toReference(each, { isDocument: false, optional: false }))
  ]
}

function toReference(value: unknown, { isDocument, optional }: Omit<Reference, 'digest'>): readonly Reference[] {
  if (!isRecord(value) || typeof value.digest !== 'string' || !isDigest(value.digest)) return []
  const elsewhere = Array.isArray(value.urls) && value.urls.length > 0
  return [{ digest: value.digest, isDocument, optional: optional || elsewhere }]
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}

function damaged(digest: Digest): InputError {
  return new InputError({
    operation: 'find what images refer to',
    subject: digest,
    expected: 'bytes of that digest',
    found: 'other ones',
    advice: 'export that image again, which heals it, or remove its names'
  })
}
