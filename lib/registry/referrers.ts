import type { Descriptor } from '../blob/descriptor.js'
import type { Digest } from '../blob/digest.js'
import { parseManifestOrIndex } from '../image/documents.js'
import { OCI_INDEX } from '../image/media-types.js'
import type { Remote } from './client.js'
import { fetchManifest } from './manifests.js'
import { readPages } from './pages.js'
import { RegistryError } from './problem.js'

/**
 * What refers to a manifest: signatures, attestations. Asks the API, else the tag that stands in for it
 * (distribution-spec, "Listing Referrers" and "Referrers Tag Schema").
 */
export async function listReferrers(
  remote: Remote,
  subject: Digest,
  artifactType: string | null = null,
  signal?: AbortSignal
): Promise<readonly Descriptor[]> {
  const found = (await fromApi(remote, subject, artifactType, signal)) ?? (await fromTag(remote, subject, signal))
  // A registry may ignore the filter.
  return artifactType === null ? found : found.filter((each) => each.artifactType === artifactType)
}

async function fromApi(remote: Remote, subject: Digest, artifactType: string | null, signal?: AbortSignal) {
  const query = artifactType === null ? '' : `?artifactType=${encodeURIComponent(artifactType)}`
  const to = `/v2/${remote.repository}/referrers/${subject}${query}`
  const purpose = { operation: 'list referrers', subject: `${remote.subject}@${subject}` }
  const pages = await readPages(remote, { ...purpose, to, empty: [404], signal })
  if (pages.length === 0) return null
  return pages.flatMap(({ document }) => manifestsIn(Buffer.from(JSON.stringify(document)), purpose.subject))
}

async function fromTag(remote: Remote, subject: Digest, signal?: AbortSignal): Promise<readonly Descriptor[]> {
  try {
    const { bytes } = await fetchManifest(remote, subject.replace(':', '-').slice(0, LONGEST_TAG), signal)
    return manifestsIn(bytes, `${remote.subject}@${subject}`)
  } catch (error) {
    if (error instanceof RegistryError && error.status === 404) return []
    throw error
  }
}

function manifestsIn(bytes: Buffer, subject: string): readonly Descriptor[] {
  const parsed = parseManifestOrIndex(bytes, OCI_INDEX, `${subject}, referrers`)
  return parsed.kind === 'index' ? parsed.document.manifests : []
}

const LONGEST_TAG = 128
