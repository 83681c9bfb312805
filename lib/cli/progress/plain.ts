import { formatBytes, formatSeconds } from '../units.js'
import type { ProgressStep, ProgressView } from './step.js'

/** A line for everything that happens, each with the number of its step: for logs. */
export function createPlainView(write: (text: string, step: ProgressStep) => void): ProgressView {
  const shown = new Map<string, number>()
  const say = (step: ProgressStep, text: string): void => write(`#${step.number} ${text}\n`, step)
  return {
    opened: (step) => say(step, step.label),
    moved(step) {
      const now = Date.now()
      if (step.ended !== null || now - (shown.get(step.key) ?? step.started) < INTERVAL) return
      shown.set(step.key, now)
      say(step, `${amountOf(step)} ${formatSeconds(now - step.started)}`)
    },
    parted(step, { name, started, ended, cached }) {
      if (ended === null) return say(step, name)
      say(step, `${name} ${formatSeconds(ended - started)} ${cached ? 'CACHED' : 'done'}`)
    },
    ended(step) {
      const seconds = formatSeconds((step.ended ?? step.started) - step.started)
      const amount = step.bytes > 0 ? `${amountOf(step)} ` : ''
      say(step, step.error === null ? `${amount}DONE ${seconds}` : `ERROR: ${step.error}`)
    },
    noted: say,
    close: () => {}
  }
}

/** "12.3MB / 40MB", or as much of it as is known. */
export function amountOf({ bytes, total }: ProgressStep): string {
  return total === null ? formatBytes(bytes) : `${formatBytes(bytes)} / ${formatBytes(total)}`
}

/** Milliseconds between two lines about the same step: a log is not to be flooded. */
const INTERVAL = 2000
