import type { Budget } from '../graph/context.js'

/**
 * Runs `work`, which holds `size` bytes, as soon as the budget has a thread and the bytes for it. Rejects with the
 * signal's reason, and does no work, if it is aborted by then.
 */
export async function withinBudget<T>(
  budget: Budget,
  size: number,
  work: () => Promise<T>,
  signal?: AbortSignal
): Promise<T> {
  const release = await budget.bytes.take(size)
  try {
    return await budget.threads.run(() => {
      signal?.throwIfAborted()
      return work()
    })
  } finally {
    release()
  }
}
