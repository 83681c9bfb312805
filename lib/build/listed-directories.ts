import type { Listing } from '../diff/listing.js'
import { createResource } from '../graph/resource.js'
import type { ByteString } from '../streams/bytes.js'

/**
 * Directories that a run has listed to know whether an earlier build still holds, by location: the build that is
 * evaluated because it doesn't takes them from here, and does not list them again.
 */
export const listedDirectories = createResource<Map<ByteString, Listing>>('listed directories', () => new Map())
