import type { BigIntStats } from 'node:fs'

/** A file's times are as coarse as the kernel's tick: within it, one could change again and look the same. */
const TICK = 50n * 1_000_000n

/** A time without a fraction of a second may be of a file system that keeps none: some count in two seconds. */
const COARSE_TICK = 2n * 1_000_000_000n

/**
 * Another one whenever a file's contents could be others: device, inode, and the time of the last change. Null where
 * that was so recently that the file could change again without another. `now` is in milliseconds since 1970.
 */
export function settledIdentity(
  { dev, ino, ctimeNs }: Pick<BigIntStats, 'dev' | 'ino' | 'ctimeNs'>,
  now: number
): string | null {
  const tick = ctimeNs % 1_000_000_000n === 0n ? COARSE_TICK : TICK
  const settled = ctimeNs + tick < BigInt(now) * 1_000_000n
  return settled ? [dev, ino, ctimeNs].join(':') : null // a concatenation would keep its parts
}
