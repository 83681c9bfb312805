import type { ProgressStep } from './step.js'

/** How fast steps move bytes now. */
export interface Rates {
  /** Bytes a second, smoothed over some seconds; null until it can be told. Call it at each drawing. */
  of(step: ProgressStep, now: number): number | null
}

export function createRates(): Rates {
  const samples = new Map<string, Sample>()
  return {
    of(step, now) {
      if (step.bytes === 0) return null
      // From its first bytes on: many steps wait for others before.
      const sample = samples.get(step.key) ?? { at: now, bytes: step.bytes, rate: null }
      const seconds = (now - sample.at) / 1000
      const rate = seconds < SAMPLE_SECONDS ? sample.rate : smooth(sample.rate, (step.bytes - sample.bytes) / seconds)
      samples.set(step.key, seconds < SAMPLE_SECONDS ? sample : { at: now, bytes: step.bytes, rate })
      return rate
    }
  }
}

function smooth(before: number | null, current: number): number {
  return before === null ? current : (before + current) / 2
}

interface Sample {
  readonly at: number
  readonly bytes: number
  readonly rate: number | null
}

/** Long enough that a block more or less does not show. */
const SAMPLE_SECONDS = 1
