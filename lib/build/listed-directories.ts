import type { Listing } from '../diff/listing.js'
import { createResource } from '../graph/resource.js'
import type { ByteString } from '../streams/bytes.js'

/**
 * Directories that a run has listed to know whether an earlier build still holds, by location: the build that is
 * evaluated because it doesn't takes them from here, and does not list them again.
 */
export interface ListedDirectories {
  add(location: ByteString, listing: Listing): void
  /** Gives a listing once. Null where there is none, or where so long ago that files may have come and gone since. */
  take(location: ByteString): Listing | null
  clear(): void
}

/** @param now in milliseconds since whenever */
export function createListedDirectories(now: () => number = () => performance.now()): ListedDirectories {
  const listings = new Map<ByteString, Listing>()
  let used = 0
  return {
    add(location, listing) {
      used = now()
      listings.set(location, listing)
    },
    take(location) {
      if (now() - used > FRESH) listings.clear()
      used = now()
      const listing = listings.get(location) ?? null
      listings.delete(location)
      return listing
    },
    clear: () => listings.clear()
  }
}

export const listedDirectories = createResource<ListedDirectories>('listed directories', createListedDirectories)

/** A build that has to wait for a base image, say, comes later than so many milliseconds after the last directory. */
const FRESH = 500
