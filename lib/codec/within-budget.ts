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

/** One more than can run, so that the next is at hand when one is done; and as many again, compressed. */
export function widthOf({ threads }: Budget): Width {
  const working = threads.capacity + 1
  return { working, whole: 2 * working }
}
