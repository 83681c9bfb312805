import { requireDigest } from './blobs.js'
import { jsonReply, type Reply, type Request } from './exchange.js'
import type { RegistryStorage } from './storage.js'

/** Distribution-spec, "Listing Referrers". A subject that nobody refers to, or that is not there, has an empty list. */
export async function listReferrers(
  storage: RegistryStorage,
  request: Request,
  name: string,
  text: string
): Promise<Reply> {
  const records = await storage.repositories.referrers(name, requireDigest(text))
  const wanted = request.query.get('artifactType')
  const found = wanted === null ? records : records.filter(({ artifactType }) => artifactType === wanted)
  const manifests = found.map(({ subject: _, ...descriptor }) => descriptor)
  const headers = { 'Content-Type': INDEX, ...(wanted !== null && { 'OCI-Filters-Applied': 'artifactType' }) }
  return jsonReply(200, { schemaVersion: 2, mediaType: INDEX, manifests }, headers)
}

const INDEX = 'application/vnd.oci.image.index.v1+json'
