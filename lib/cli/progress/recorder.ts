import type { ProgressStep, ProgressView } from './step.js'

/** How far a step had come at one moment. */
export interface Sample {
  readonly key: string
  /** Milliseconds since 1970. */
  readonly at: number
  readonly bytes: number
}

/** What happened in a run. */
export interface Recording {
  /** In the order of the plan, as they ended. */
  readonly steps: readonly ProgressStep[]
  readonly samples: readonly Sample[]
  readonly notes: readonly string[]
}

/** A view that shows nothing, and keeps what there was to see. */
export function createRecorder(): ProgressView & { recording(): Recording } {
  const steps = new Map<string, ProgressStep>()
  const samples: Sample[] = []
  const sampled = new Map<string, number>()
  const notes: string[] = []
  const keep = (step: ProgressStep): void => void steps.set(step.key, step)
  const sample = ({ key, bytes }: ProgressStep, now: number): void => {
    samples.push({ key, at: now, bytes })
    sampled.set(key, now)
  }
  return {
    opened: keep,
    parted: keep,
    moved(step) {
      keep(step)
      const now = Date.now()
      if (samples.length < MOST_SAMPLES && now - (sampled.get(step.key) ?? 0) >= INTERVAL) sample(step, now)
    },
    ended(step) {
      keep(step)
      if (step.bytes > 0) sample(step, step.ended ?? Date.now())
    },
    noted: (step, message) => void notes.push(`${step.label}: ${message}`),
    warned: (message) => void notes.push(message),
    close: () => {},
    recording: () => ({ steps: [...steps.values()].sort((a, b) => a.number - b.number), samples, notes })
  }
}

/** Milliseconds between two samples of a step. */
const INTERVAL = 100
/** Some hours of a few steps; what is beyond is not worth the memory. */
const MOST_SAMPLES = 100_000
