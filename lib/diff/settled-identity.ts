import type { BigIntStats } from 'node:fs'

/** A file's times are as coarse as the kernel's tick: within it, one could change again and look the same. Milliseconds. */
const TICK = 50

/** A time without a fraction of a second may be of a file system that keeps none: some count in two seconds. */
const COARSE_TICK = 2000

/**
 * Another one whenever a file's contents could be others: device, inode, and the time of the last change. Null where
 * that was so recently that the file could change again without another. `now` is in milliseconds since 1970.
 */
export function settledIdentity(
  { dev, ino, ctimeNs }: Pick<BigIntStats, 'dev' | 'ino' | 'ctimeNs'>,
  now: number
): string | null {
  return settledAt({ ctimeNs }) < now ? [dev, ino, ctimeNs].join(':') : null // a concatenation would keep its parts
}

/** When a file's last change can be told from any later one, in milliseconds since 1970. */
export function settledAt({ ctimeNs }: Pick<BigIntStats, 'ctimeNs'>): number {
  const changed = Number(ctimeNs) / 1_000_000 // to a quarter of a microsecond; whole seconds are exact
  return changed + (changed % 1000 === 0 ? COARSE_TICK : TICK)
}
