import { setImmediate } from 'node:timers/promises'

/** Turns for others, signals and progress among them, in work that would not give them any by itself. */
export interface Turns {
  /** Counts one step of the work, or more. Says whether it is time. */
  isDue(more?: number): boolean
  /** Rejects with the signal's reason if that has aborted. */
  give(): Promise<void>
}

export function createTurns(signal: AbortSignal): Turns {
  let steps = 0
  return {
    isDue(more = 1) {
      steps += more
      if (steps < STEPS) return false
      steps = 0
      return true
    },
    async give() {
      await setImmediate()
      signal.throwIfAborted()
    }
  }
}

/** As many files are looked at in some hundredths of a second. */
const STEPS = 1024
