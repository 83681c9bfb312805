import type { Digest } from '../blob/digest.js'
import type { Entry } from '../diff/entry.js'
import { createResource } from '../graph/resource.js'

/** Digests of parts of files, for formats that cut one layer alike at the same time: the first of them makes each. */
export interface ChunkDigests {
  /** That of the part of an entry's contents that begins at `start`, which `make` gives. */
  find(entry: Entry, start: number, make: () => Digest): Digest
}

/** Those of a run. */
export const chunkDigests = createResource<ChunkDigests>('chunk digests', createChunkDigests)

export function createChunkDigests(): ChunkDigests {
  const entries = new WeakMap<Entry, Map<number, Digest>>()
  return {
    find(entry, start, make) {
      const known = entries.get(entry) ?? new Map<number, Digest>()
      const digest = known.get(start) ?? make()
      entries.set(entry, known.set(start, digest))
      return digest
    }
  }
}
