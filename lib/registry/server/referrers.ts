import { OCI_INDEX } from '../../image/media-types.js'
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
  const headers = { 'Content-Type': OCI_INDEX, ...(wanted !== null && { 'OCI-Filters-Applied': 'artifactType' }) }
  return jsonReply(200, { schemaVersion: 2, mediaType: OCI_INDEX, manifests }, headers)
}
