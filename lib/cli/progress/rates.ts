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
      const sample = samples.get(step.key) ?? { at: step.started, bytes: 0, rate: null }
      const seconds = (now - sample.at) / 1000
      if (seconds < SAMPLE_SECONDS || step.bytes === 0) return sample.rate
      const current = (step.bytes - sample.bytes) / seconds
      const rate = sample.rate === null ? current : (sample.rate + current) / 2
      samples.set(step.key, { at: now, bytes: step.bytes, rate })
      return rate
    }
  }
}

interface Sample {
  readonly at: number
  readonly bytes: number
  readonly rate: number | null
}

/** Long enough that a block more or less does not show. */
const SAMPLE_SECONDS = 1
