import type { Duplex } from 'node:stream'
import type { Context } from '../graph/context.js'
import { createResource } from '../graph/resource.js'
import { generate } from '../streams/generate.js'

/**
 * As `generate`, for stages whose `finally` cleans up what others would find: the run ends only when it has. `work` has
 * to heed the context's signal, or its end.
 */
export function generateSettled<I, O>(context: Context, work: (items: AsyncIterable<I>) => AsyncIterable<O>): Duplex {
  const unsettledWork = context.resource(unsettled)
  return generate<I, O>(async function* (items) {
    const settle = unsettledWork.begin()
    try {
      yield* work(items)
    } finally {
      settle()
    }
  })
}

/** Work that a run waits for before it ends. */
interface UnsettledWork {
  /** Begins a piece of work; what it gives ends it. */
  begin(): () => void
  settled(): Promise<unknown>
}

const unsettled = createResource<UnsettledWork>('unsettled work', createUnsettledWork, async (work) => {
  await work.settled()
})

function createUnsettledWork(): UnsettledWork {
  const pending: Promise<void>[] = []
  return {
    begin() {
      let settle = (): void => {}
      pending.push(
        new Promise((resolve) => {
          settle = resolve
        })
      )
      return () => settle()
    },
    settled: () => Promise.all(pending)
  }
}
