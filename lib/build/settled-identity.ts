/** A file's times are as coarse as the kernel's tick: within it, one could change again and look the same. */
const TICK_MILLISECONDS = 50

/**
 * The identity of a file as `readHeader` gives it, or null where the file changed so recently that it could change
 * again without another identity. `now` is in milliseconds since 1970.
 */
export function settledIdentity(identity: string, now: number): string | null {
  const changed = Number(BigInt(identity.slice(identity.lastIndexOf(':') + 1)) / 1_000_000n)
  return changed + TICK_MILLISECONDS < now ? identity : null
}
