import { setImmediate } from 'node:timers/promises'

/** Turns for others, signals and progress among them, in work that would not give them any by itself. */
export interface Turns {
  /** Counts one step of the work. Says whether it is time. */
  isDue(): boolean
  /** Rejects with the signal's reason if that has aborted. */
  give(): Promise<void>
}

export function createTurns(signal: AbortSignal): Turns {
  let steps = 0
  return {
    isDue() {
      steps += 1
      return steps % STEPS === 0
    },
    async give() {
      await setImmediate()
      signal.throwIfAborted()
    }
  }
}

/** As many files are looked at in some hundredths of a second. */
const STEPS = 1024
