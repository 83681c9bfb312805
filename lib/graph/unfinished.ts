import { LayerpipeError } from '../errors.js'

/** The event loop emptied while stages were unfinished: somebody waits for what nobody will do. */
export class UnfinishedError extends LayerpipeError {
  readonly code = 'ERR_UNFINISHED'
}

/**
 * Watches a run until the returned function is called. A promise that nobody will settle ends a Node process in
 * silence, with exit code 0 or 13; this names the stages that were waited for, and fails the run instead.
 */
export function watchUnfinished(pending: () => readonly string[], fail: (error: UnfinishedError) => void): () => void {
  const report = (): void => {
    process.exitCode = 1
    fail(
      new UnfinishedError({
        operation: 'run',
        subject: `stages that never ended: ${pending().join(', ')}`,
        advice: 'a stage dropped a callback or left a body unread; run with NODE_DEBUG=layerpipe to see the last events'
      })
    )
  }
  process.once('beforeExit', report)
  return () => process.off('beforeExit', report)
}
