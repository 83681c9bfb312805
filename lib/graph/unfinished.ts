import { LayerpipeError } from '../errors.js'

/** The event loop emptied while stages were unfinished: somebody waits for what nobody will do. */
export class UnfinishedError extends LayerpipeError {
  readonly code = 'ERR_UNFINISHED'
}

/** A run that is being watched. */
export interface UnfinishedWatch {
  /** Rejects when stages do not even end once they are stopped: a generator that waits for nothing can't be closed. */
  readonly stuck: Promise<never>
  end(): void
}

/**
 * Watches a run until it is ended. A promise that nobody will settle ends a Node process in silence, with exit code 0
 * or 13; this names the stages that were waited for, and fails the run instead. `signal` is the run's: what has stopped
 * it already is the cause.
 */
export function watchUnfinished(
  pending: () => readonly string[],
  signal: AbortSignal,
  fail: (error: UnfinishedError) => void
): UnfinishedWatch {
  let report = (): void => {}
  const stuck = new Promise<never>((_, reject) => {
    let error: UnfinishedError | null = null
    report = () => {
      process.exitCode = 1
      if (error) return reject(error)
      error = describe(pending(), signal)
      setImmediate(() => {}) // so that the loop empties once more, however little there is to stop
      fail(error)
    }
  })
  if (reports.size === 0) process.on('beforeExit', reportAll)
  reports.add(report)
  return {
    stuck,
    end: () => {
      reports.delete(report)
      if (reports.size === 0) process.off('beforeExit', reportAll)
    }
  }
}

/** Of all runs that are being watched. One listener serves them, for Node warns of many. */
const reports = new Set<() => void>()

function reportAll(): void {
  for (const report of reports) report()
}

function describe(pending: readonly string[], { aborted, reason }: AbortSignal): UnfinishedError {
  return new UnfinishedError({
    operation: 'run',
    subject: `stages that never ended: ${pending.join(', ')}`,
    advice: 'a stage dropped a callback or left a body unread; run with NODE_DEBUG=layerpipe to see the last events',
    ...(aborted && { cause: reason })
  })
}
