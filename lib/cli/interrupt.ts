import { LayerpipeError } from '../errors.js'

/** The user, or the system, stopped the program. Exit code 130. */
export class InterruptedError extends LayerpipeError {
  readonly code = 'ERR_INTERRUPTED'
}

/**
 * Runs `work` with a signal that SIGINT, SIGTERM and SIGHUP abort, so that it can clean up; a second one ends the process
 * at once.
 */
export async function interruptible<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const controller = new AbortController()
  const stop = (name: NodeJS.Signals): void => {
    controller.abort(new InterruptedError({ operation: 'interrupted', subject: name }))
    // So that the next one has its default effect. Not at once: what restores the terminal's cursor also listens, and
    // ends the process where it finds nobody else who does.
    setImmediate(release)
  }
  const release = (): void => SIGNALS.forEach((name) => void process.off(name, stop))
  for (const name of SIGNALS) process.on(name, stop)
  try {
    return await work(controller.signal)
  } finally {
    release()
  }
}

/** SIGHUP comes when the terminal goes. */
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const
