import type { Descriptor } from '../blob/descriptor.js'
import { algorithmOf, type Digest, digestOf, isDigest } from '../blob/digest.js'
import { InputError } from '../errors.js'
import {
  DOCKER_MANIFEST,
  DOCKER_MANIFEST_LIST,
  DOCKER_SCHEMA_1,
  DOCKER_SCHEMA_1_SIGNED,
  OCI_INDEX,
  OCI_MANIFEST
} from '../image/media-types.js'
import { LARGEST_DOCUMENT } from '../image/parse-json.js'
import { jsonOrNull, textAt } from '../loose-json.js'
import type { Remote } from './client.js'
import type { Answer, Ask } from './connection.js'
import { RegistryError } from './problem.js'
import { readBytes } from './read-text.js'
import { pullScopes, pushScopes } from './scopes.js'

/** A manifest or an index as a registry keeps it. */
export interface FetchedManifest {
  readonly descriptor: Descriptor
  readonly bytes: Buffer
}

/**
 * The digest that a tag or a digest stands for, or null where the registry has no such manifest. It is asked with what
 * pushing needs: nobody may pull yet from a repository that is only being made.
 */
export function headManifest(remote: Remote, reference: string, signal?: AbortSignal): Promise<Digest | null> {
  const ask = { ...askFor(remote, reference, 'HEAD', signal), scopes: pushScopes(remote.repository) }
  return remote.documents.run(() =>
    remote.connection.ask({ ...ask, expect: [200, 404, 403, 405] }, async (answer) => {
      if (answer.status !== 200) return null
      const digest = answer.header('docker-content-digest')
      return digest !== undefined && isDigest(digest) ? digest : isDigest(reference) ? reference : null
    })
  )
}

/**
 * Gets a manifest or an index by tag or digest. Its size is limited, its bytes are those of the digest, and its type
 * is one that an image can have; what is in it is for the reader to check.
 */
export function fetchManifest(remote: Remote, reference: string, signal?: AbortSignal): Promise<FetchedManifest> {
  const ask = askFor(remote, reference, 'GET', signal)
  return remote.documents.run(() => remote.connection.ask(ask, (answer) => readManifest(ask, answer, reference)))
}

function askFor(remote: Remote, reference: string, method: 'GET' | 'HEAD', signal?: AbortSignal): Ask {
  return {
    operation: 'get manifest',
    subject: `${remote.subject}${isDigest(reference) ? '@' : ':'}${reference}`,
    method,
    to: `/v2/${remote.repository}/manifests/${reference}`,
    headers: { accept: ACCEPTED },
    scopes: pullScopes(remote.repository),
    expect: [200],
    signal
  }
}

async function readManifest({ operation, subject }: Ask, answer: Answer, reference: string): Promise<FetchedManifest> {
  const bytes = await readBytes(answer.body, LARGEST_DOCUMENT)
  const problem = { operation, subject }
  if (bytes.length > LARGEST_DOCUMENT)
    throw new InputError({ ...problem, expected: `at most ${LARGEST_DOCUMENT} bytes`, found: 'more' })
  const mediaType = readType(answer, problem, bytes)
  const said = answer.header('docker-content-digest')
  const expected = isDigest(reference) ? reference : said !== undefined && isDigest(said) ? said : null
  const found = digestOf(bytes, expected === null ? 'sha256' : algorithmOf(expected))
  if (expected !== null && expected !== found) throw new InputError({ ...problem, expected, found })
  return { descriptor: { mediaType, digest: found, size: bytes.length }, bytes }
}

/** By the header, else by the document: some registries and proxies forget the header. */
function readType(answer: Answer, problem: { operation: string; subject: string }, bytes: Buffer): string {
  const said = answer.header('content-type')?.split(';')[0]?.trim() ?? ''
  if (said === DOCKER_SCHEMA_1 || said === DOCKER_SCHEMA_1_SIGNED) throw new InputError({ ...problem, ...SCHEMA_1 })
  if (TYPES.includes(said)) return said
  const own = GENERIC.includes(said) ? mediaTypeIn(bytes) : null
  if (own !== null) return own
  const found = bytes.length === 0 ? 'nothing' : `${said || 'something'} (${bytes.length} bytes)`
  throw new RegistryError({
    ...problem,
    expected: 'a manifest',
    found,
    advice: 'check that the host of the name is a registry, and that no proxy answers in its place'
  })
}

function mediaTypeIn(bytes: Buffer): string | null {
  const mediaType = textAt(jsonOrNull(bytes.toString()), 'mediaType')
  return mediaType !== null && TYPES.includes(mediaType) ? mediaType : null
}

const TYPES = [OCI_INDEX, OCI_MANIFEST, DOCKER_MANIFEST_LIST, DOCKER_MANIFEST]
const GENERIC = ['', 'application/json', 'application/octet-stream', 'text/plain']
const ACCEPTED = TYPES.join(', ')
const SCHEMA_1 = {
  expected: 'an OCI manifest or a Docker manifest of schema 2',
  found: 'a Docker manifest of schema 1, which has no config and whose layers cannot be verified',
  advice: 'push the image again with a current tool'
}
