import type { FoundHeader } from '../diff/read-header.js'

/** A file's times are as coarse as the kernel's tick: within it, one could change again and look the same. */
const TICK_MILLISECONDS = 50

/**
 * The identity of a file, or null where the file changed so recently that it could change again without another. Times
 * are in milliseconds since 1970.
 */
export function settledIdentity({ identity, changed }: Pick<FoundHeader, 'identity' | 'changed'>, now: number) {
  return changed + TICK_MILLISECONDS < now ? identity : null
}
