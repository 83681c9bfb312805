import { UsageError } from '../errors.js'
import { InterruptedError } from './interrupt.js'

/** What the program ends with. Success is 0. */
export const EXIT = { failure: 1, usage: 2, interrupted: 130 } as const

/** The exit code for what a command failed with. */
export function exitCodeOf(error: unknown): number {
  if (error instanceof InterruptedError) return EXIT.interrupted
  return error instanceof UsageError ? EXIT.usage : EXIT.failure
}
