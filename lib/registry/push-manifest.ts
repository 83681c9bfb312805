import type { Blob } from '../blob/blob.js'
import { isDigest } from '../blob/digest.js'
import type { Remote } from './client.js'
import type { Ask } from './connection.js'
import { headManifest } from './manifests.js'
import { RegistryError } from './problem.js'
import { readBytes } from './read-text.js'
import { pause } from './retry.js'
import { pushScopes } from './scopes.js'

export interface ManifestPush {
  readonly remote: Remote
  /** A manifest or an index. */
  readonly manifest: Blob
  /** A tag, or the digest of the manifest. */
  readonly reference: string
  /** Sends again what the registry says it misses. */
  readonly repair: () => Promise<void>
  readonly signal?: AbortSignal | undefined
}

/** Puts a manifest under a tag or its digest, unless that is what is there. Gives the bytes that were sent. */
export async function pushManifest(push: ManifestPush): Promise<number> {
  const { remote, manifest, reference, signal } = push
  const { digest, size } = manifest.descriptor
  if ((await headManifest(remote, reference, signal)) === digest) return 0
  const body = await readBytes(manifest.open(), size)
  await putPatiently(push, body)
  return size
}

/** Some stores take a moment to see the blobs that they have just been given. */
async function putPatiently(push: ManifestPush, body: Buffer): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await push.remote.documents.run(() => push.remote.connection.ask(askFor(push, body), checkDigest(push)))
    } catch (error) {
      if (!isMissingBlob(error) || attempt === PATIENCE) throw error
      await push.repair()
      await pause(PAUSE * 2 ** attempt, push.signal)
    }
  }
}

function askFor({ remote, manifest, reference, signal }: ManifestPush, body: Buffer): Ask {
  return {
    operation: 'push manifest',
    subject: `${remote.subject}${isDigest(reference) ? '@' : ':'}${reference}`,
    method: 'PUT',
    to: `/v2/${remote.repository}/manifests/${reference}`,
    headers: { 'content-type': manifest.descriptor.mediaType },
    body,
    scopes: pushScopes(remote.repository),
    expect: [201],
    signal
  }
}

function checkDigest({ remote, manifest }: ManifestPush) {
  return (answer: { header(name: string): string | undefined }): void => {
    const found = answer.header('docker-content-digest')
    const { digest } = manifest.descriptor
    if (found === undefined || found === digest || !isDigest(found)) return
    // A registry may know the same bytes by another algorithm.
    if (found.split(':')[0] !== digest.split(':')[0]) return
    throw new RegistryError({ operation: 'push manifest', subject: remote.subject, expected: digest, found })
  }
}

function isMissingBlob(error: unknown): boolean {
  const missing = ['MANIFEST_BLOB_UNKNOWN', 'BLOB_UNKNOWN']
  return error instanceof RegistryError && error.reasons.some((reason) => missing.includes(reason))
}

const PATIENCE = 4
/** Milliseconds, doubled each time. */
const PAUSE = 100
