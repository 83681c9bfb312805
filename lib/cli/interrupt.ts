import { LayerpipeError } from '../errors.js'

/** The user, or the system, stopped the program. Exit code 130. */
export class InterruptedError extends LayerpipeError {
  readonly code = 'ERR_INTERRUPTED'
}

/**
 * Runs `work` with a signal that SIGINT and SIGTERM abort, so that it can clean up; a second one ends the process at
 * once.
 */
export async function interruptible<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const controller = new AbortController()
  const stop = (name: NodeJS.Signals): void => {
    controller.abort(new InterruptedError({ operation: 'interrupted', subject: name }))
    for (const each of SIGNALS) process.off(each, stop) // so that the next one has its default effect
  }
  for (const name of SIGNALS) process.on(name, stop)
  try {
    return await work(controller.signal)
  } finally {
    for (const name of SIGNALS) process.off(name, stop)
  }
}

const SIGNALS = ['SIGINT', 'SIGTERM'] as const
