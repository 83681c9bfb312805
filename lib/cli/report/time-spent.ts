import type { ProgressStep } from '../progress/step.js'

/** A share of a run's time, and what it went to. */
export interface TimeSpent {
  /** "making layers", "waiting for ghcr.io". */
  readonly what: string
  /** Milliseconds. */
  readonly time: number
}

/** What a step does, in words, where it is the one that others wait for. */
export interface StepWork {
  readonly step: ProgressStep
  readonly what: string
}

/**
 * What a run's time went to, most first. At every moment it goes to the unfinished steps which wait for no other that
 * is unfinished: what they give is what all the others are waiting for.
 */
export function timeSpent(works: readonly StepWork[]): readonly TimeSpent[] {
  const passed = works.flatMap(({ step, what }) => (step.passed === null ? [] : [{ step, what, passed: step.passed }]))
  const times = [...new Set(passed.flatMap(({ step, passed: end }) => [step.started, end]))].sort((a, b) => a - b)
  const totals = new Map<string, number>()
  for (const [index, from] of times.slice(0, -1).entries()) {
    const to = times[index + 1] ?? from
    const running = passed.filter(({ step, passed: end }) => step.started <= from && end >= to)
    const keys = new Set(running.map(({ step }) => step.key))
    const front = running.filter(({ step }) => !step.inputs.some((key) => keys.has(key)))
    const what = [...new Set(front.map((work) => work.what))]
    const named = what.includes(MAKING) ? [MAKING] : what
    for (const each of named) totals.set(each, (totals.get(each) ?? 0) + (to - from) / named.length)
  }
  return [...totals].map(([what, time]) => ({ what, time })).sort((a, b) => b.time - a.time)
}

/** Reading, packing and compressing go on in lockstep, and what of it is the slowest can't be told from outside. */
export const MAKING = 'making layers'
