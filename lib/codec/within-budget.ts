import type { Budget } from '../graph/context.js'
import type { Width } from '../streams/in-order.js'

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

/** As many as can run, and `ahead` more, so that the next is at hand when one is done; and as many again, compressed. */
export function widthOf({ threads }: Budget, ahead = 1): Width {
  const working = threads.capacity + ahead
  return { working, whole: 2 * working }
}
