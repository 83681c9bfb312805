import { Transform } from 'node:stream'
import type { Context } from '../graph/context.js'
import { createResource } from '../graph/resource.js'

/** What has to be agreed on before an output is named. Without judges it always is. */
export interface Approval {
  /** Announces a judge, when its stage opens: no output gets its name before this one has agreed. */
  expect(): Verdict
  /** Whether there is any judge. */
  readonly awaited: boolean
  /** Settles once all judges have agreed; rejects with the reason of one that has not. */
  given(): Promise<unknown>
}

/** A judge's say. Only the first word counts. */
export interface Verdict {
  agree(): void
  refuse(reason: unknown): void
}

/** The run's approval, one for all of its sinks. */
export const approval = createResource<Approval>('approval', createApproval)

/**
 * Waits until every judge of the run has agreed. A sink calls it when all is written, before it renames, names or tags
 * anything.
 *
 * @throws what a judge refused with, or what the run was aborted with
 */
export async function approved({ signal, resource }: Pick<Context, 'signal' | 'resource'>): Promise<void> {
  let stop = (): void => {}
  const aborted = new Promise<never>((_resolve, reject) => {
    stop = () => reject(signal.reason)
    signal.addEventListener('abort', stop, { once: true })
  })
  try {
    signal.throwIfAborted()
    await Promise.race([resource(approval).given(), aborted])
  } finally {
    signal.removeEventListener('abort', stop)
  }
}

/**
 * Where the run has judges, a stream that passes bytes on, but the last of them only with approval: without them a
 * pipe's reader has nothing whole.
 */
export function holdUntilApproved(context: Pick<Context, 'signal' | 'resource'>): readonly Transform[] {
  if (!context.resource(approval).awaited) return []
  let held: Buffer | null = null
  const hold = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      const before = held
      held = chunk
      done(null, before ?? undefined)
    },
    flush(done) {
      approved(context).then(() => done(null, held ?? undefined), done)
    }
  })
  return [hold]
}

function createApproval(): Approval {
  const verdicts: Promise<void>[] = []
  return {
    expect() {
      let verdict: Verdict = { agree: () => {}, refuse: () => {} }
      const settled = new Promise<void>((agree, refuse) => {
        verdict = { agree, refuse }
      })
      settled.catch(() => {}) // for those who wait; perhaps nobody does
      verdicts.push(settled)
      return verdict
    },
    get awaited() {
      return verdicts.length > 0
    },
    given: () => Promise.all(verdicts)
  }
}
