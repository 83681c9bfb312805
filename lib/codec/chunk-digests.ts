import type { Digest } from '../blob/digest.js'
import type { Entry } from '../diff/entry.js'
import { createResource } from '../graph/resource.js'

/** Digests of chunks of files, for formats that cut one layer alike at the same time: the first of them makes each. */
export interface ChunkDigests {
  /** That of a chunk, which `make` gives; an entry's first has the index 0. */
  find(entry: Entry, index: number, make: () => Digest): Digest
}

/** Those of a run. */
export const chunkDigests = createResource<ChunkDigests>('chunk digests', createChunkDigests)

export function createChunkDigests(): ChunkDigests {
  const entries = new WeakMap<Entry, Digest[]>()
  return {
    find(entry, index, make) {
      const known = entries.get(entry) ?? []
      if (index === 0) entries.set(entry, known)
      return (known[index] ??= make())
    }
  }
}
