import type { ByteString } from '../streams/bytes.js'

/** What is more than this is refused before it fills the memory: headers alone pack to very little. */
export interface PathLimit {
  /** Takes note of a path that is held from now on. Says what was expected where that is too much; else null. */
  exceededBy(path: ByteString): string | null
}

/** @param most how many paths there may be; together they may be as long as that many of 64 bytes */
export function createPathLimit(most: number = MOST_PATHS): PathLimit {
  const longest = most * USUAL_LENGTH
  let count = 0
  let length = 0
  return {
    exceededBy(path) {
      count += 1
      length += path.length
      if (count > most) return `at most ${most} paths`
      return length > longest ? `at most ${longest} bytes of paths` : null
    }
  }
}

/** Several times what the largest images have, and little enough for the memory. */
const MOST_PATHS = 2 ** 22

/** Bytes. */
const USUAL_LENGTH = 64
