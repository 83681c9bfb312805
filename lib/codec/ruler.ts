import { crc32 } from 'node:zlib'

/** How long the blocks are that a layer is cut into, in bytes. */
export interface BlockSizes {
  /** About the average. An entry that is as long begins a block. */
  readonly size: number
  /** No block of several entries is longer. */
  readonly maximum: number
  /** An entry that begins a block because it is long is cut at this distance from its start. Default: the size. */
  readonly step?: number
  /**
   * Whether a block takes so long to compress that none has to be at hand when one is done, and so much memory that
   * threads have to see it where it is. Default false.
   */
  readonly slow?: boolean
}

/**
 * Says where blocks end, by paths and lengths alone: whoever knows the headers of a layer knows where it is cut. Where
 * a block begins with an entry, what follows depends on nothing before it.
 */
export interface Ruler {
  /** Bytes in the block so far. */
  readonly length: number
  /** Bytes until the block is full. */
  readonly room: number
  /** Announces an entry of so many bytes, padding included. Says whether the block ends before it. */
  announce(path: string, length: number): boolean
  /** Counts bytes, `room` at the most. Says whether the block is full, and begins the next one then. */
  count(bytes: number): boolean
}

/** No block is longer. */
export function longestBlock({ size, maximum, step = size }: BlockSizes): number {
  return Math.max(maximum, step)
}

export function createRuler({ size, maximum, step = size }: BlockSizes): Ruler {
  let length = 0
  let limit = step
  const endsBefore = (path: string, coming: number): boolean => {
    if (length === 0) return false
    if (coming >= size || length + coming > maximum) return true
    return length >= size / 2 && isChosen(path, coming / (size / 2))
  }
  const begin = (): void => {
    length = 0
    limit = step
  }
  return {
    get length() {
      return length
    },
    get room() {
      return limit - length
    },
    announce(path, coming) {
      const ends = endsBefore(path, coming)
      if (ends) begin()
      // Entries share a block up to the maximum; what is long by itself does not.
      if (coming < size) limit = maximum
      return ends
    },
    count(bytes) {
      length += bytes
      const full = length === limit
      if (full) begin()
      return full
    }
  }
}

/** Whether a path is among a fraction of all paths: the same ones every time. */
function isChosen(path: string, fraction: number): boolean {
  return crc32(path) < fraction * 2 ** 32
}
