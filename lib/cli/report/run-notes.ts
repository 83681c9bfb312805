import type { StepNotes } from '../../graph/explain-dot.js'
import type { Step } from '../../graph/index.js'
import type { Recording } from '../progress/recorder.js'
import { CANCELED, type ProgressStep } from '../progress/step.js'
import { formatBytes, formatSeconds } from '../units.js'
import { describeWork } from './step-work.js'
import { MAKING, type TimeSpent } from './time-spent.js'

/** What the picture of a run says of its steps: bytes, time, which was the slowest, which failed. `spent` has most first. */
export function notesOn({ steps }: Recording, [most]: readonly TimeSpent[]): (step: Step) => StepNotes {
  const recorded = new Map(steps.map((step) => [step.key, step]))
  const failed = steps.some(({ error }) => error !== null)
  return ({ node }) => {
    const step = recorded.get(node.key)
    if (step === undefined) return { lines: ['not begun'], mark: null }
    const amounts = [...(step.bytes > 0 ? [formatBytes(step.bytes)] : []), formatSeconds(durationOf(step))]
    if (step.error === CANCELED) return { lines: [...amounts, CANCELED], mark: null }
    if (step.error !== null) return { lines: [...amounts, 'failed'], mark: 'failed' }
    const slowest = describeWork(node) === most?.what && (node.operation === 'compress' || most.what !== MAKING)
    return slowest && !failed ? { lines: [...amounts, 'slowest'], mark: 'slowest' } : { lines: amounts, mark: null }
  }
}

function durationOf({ started, ended }: ProgressStep): number {
  return (ended ?? started) - started
}
