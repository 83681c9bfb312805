import { memoryBlob } from '../blob/blob.js'
import type { Descriptor } from '../blob/descriptor.js'
import { InputError, UsageError } from '../errors.js'
import { parseConfig, parseManifestOrIndex } from '../image/documents.js'
import { createIndex } from '../image/index-document.js'
import { familyOfAll, indexMediaType } from '../image/media-types.js'
import { parseReference, type Reference } from '../image/reference.js'
import { platformOf } from '../image/resolved-image.js'
import type { ImageBlob } from '../stages/items.js'
import type { RegistryClient, Remote } from './client.js'
import { registryBlob } from './fetch-blob.js'
import { accessRepository } from './image-access.js'
import { createImagePush } from './image-push.js'
import { fetchManifest } from './manifests.js'
import { noJournal } from './upload-journal.js'

export interface IndexRequest {
  readonly name: string
  /** Names of images and indexes in registries. What indexes list is listed in their place. */
  readonly sources: readonly string[]
  readonly insecure: boolean
  readonly client: RegistryClient
  readonly signal: AbortSignal
}

/**
 * Puts an index over images that are in registries, in their order. Those of another repository are mounted or copied
 * into the index's; no layer of its own repository is touched.
 */
export async function createRegistryIndex(request: IndexRequest): Promise<Descriptor> {
  const target = parseReference(request.name)
  if (target.digest !== undefined) throw namedByDigest(request.name)
  const remote = remoteOf(request, target)
  const listed = new Map<string, Listed>()
  for (const source of request.sources) {
    for (const each of await listSource(request, source)) listed.set(each.descriptor.digest, each)
  }
  const manifests = [...listed.values()]
  const family = familyOfAll(manifests.map(({ descriptor }) => descriptor.mediaType))
  const bytes = createIndex({ family, manifests: manifests.map(({ descriptor }) => descriptor) })
  const index = memoryBlob(bytes, { mediaType: indexMediaType(family) })
  const { signal } = request
  const tags = target.tag === undefined ? [] : [target.tag]
  const push = createImagePush({ targets: [{ remote, tags }], journal: noJournal, progress: () => {}, signal })
  for (const each of manifests) {
    if (each.remote.subject === remote.subject) continue
    for (const blob of await blobsOf(each, signal)) push.add(blob)
  }
  push.add({ kind: 'blob', role: 'index', blob: index, root: true })
  try {
    await push.sendBlobs()
    await push.finish()
  } catch (error) {
    throw await push.stop(error)
  }
  return index.descriptor
}

function namedByDigest(subject: string): UsageError {
  return new UsageError({
    operation: 'create index',
    subject,
    expected: 'a name with a tag, as the digest is that of what is made',
    found: 'one with a digest'
  })
}

/** A manifest that the index lists, and where it is. */
interface Listed {
  readonly remote: Remote
  /** With its platform. */
  readonly descriptor: Descriptor
}

function remoteOf({ client, insecure }: IndexRequest, { domain, path }: Reference): Remote {
  return client.remote({ host: domain, repository: path }, insecure)
}

async function listSource(request: IndexRequest, source: string): Promise<readonly Listed[]> {
  const reference = parseReference(source.replace(/^docker:\/\//, ''))
  const remote = remoteOf(request, reference)
  const { descriptor, bytes } = await fetchManifest(remote, reference.digest ?? reference.tag ?? '', request.signal)
  const parsed = parseManifestOrIndex(bytes, descriptor.mediaType, source)
  if (parsed.kind === 'index') return parsed.document.manifests.map((each) => ({ remote, descriptor: each }))
  const { config } = parsed.document
  const document = parseConfig(await accessRepository(remote, request.signal).document(config), `${source}, config`)
  return [{ remote, descriptor: { ...descriptor, platform: platformOf(document) } }]
}

/** Everything of a manifest, to be brought to another repository. */
async function blobsOf({ remote, descriptor }: Listed, signal: AbortSignal): Promise<readonly ImageBlob[]> {
  const subject = `${remote.subject}@${descriptor.digest}`
  const { bytes } = await fetchManifest(remote, descriptor.digest, signal)
  const parsed = parseManifestOrIndex(bytes, descriptor.mediaType, subject)
  if (parsed.kind === 'index') {
    throw new InputError({
      operation: 'create index',
      subject,
      expected: 'an image',
      found: 'an index within an index'
    })
  }
  const { config, layers } = parsed.document
  const item = (role: ImageBlob['role'], each: Descriptor): ImageBlob => {
    return { kind: 'blob', role, blob: registryBlob(remote, each, signal), root: false }
  }
  const { digest: _, size: __, ...fields } = descriptor
  const manifest = memoryBlob(bytes, fields)
  return [
    ...layers.map((layer) => item('layer', layer)),
    item('config', config),
    { kind: 'blob', role: 'manifest', blob: manifest, root: false }
  ]
}
