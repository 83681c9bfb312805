import { expectedBytes } from './expected-bytes.js'
import { createRates } from './rates.js'
import type { ProgressStep } from './step.js'

/** How a step gets on. */
export interface Motion {
  /** Whether it has more to do, as far as can be seen. */
  readonly going: boolean
  /** Bytes a second; null where it moves none, or it can't be told yet. */
  readonly rate: number | null
  /** Null where nothing tells. */
  readonly secondsLeft: number | null
}

/** How the steps of a run get on. */
export interface Motions {
  /** Takes note of a step as it is now. */
  keep(step: ProgressStep): void
  /** Call it at each drawing. `now` is milliseconds since 1970. */
  of(step: ProgressStep, now: number): Motion
}

export function createMotions(): Motions {
  const steps = new Map<string, ProgressStep>()
  const rates = createRates()
  return {
    keep: (step) => void steps.set(step.key, step),
    of(step, now) {
      const rate = rates.of(step, now)
      if (!isGoing(step, now)) return { going: false, rate: null, secondsLeft: null }
      return { going: true, rate, secondsLeft: secondsLeft(step, rate, expectedBytes(step, steps)) }
    }
  }
}

/** One that passes on what is read only later has ended when that has come to rest. */
function isGoing({ ended, passed, bytes, total, error }: ProgressStep, now: number): boolean {
  if (ended === null || passed === null) return true
  return error === null && ended > passed && bytes < (total ?? Infinity) && now - ended < REST
}

function secondsLeft({ bytes }: ProgressStep, rate: number | null, expected: number | null): number | null {
  if (rate === null || rate < 1 || expected === null || expected <= bytes) return null
  return (expected - bytes) / rate
}

/** Milliseconds between two movements of one who is still going. */
const REST = 3000
