import { formatBytes, formatSeconds, formatTimeLeft } from '../units.js'
import { createMotions, type Motion } from './motion.js'
import { CANCELED, type ProgressPart, type ProgressStep, type ProgressView } from './step.js'

/** A line for everything that happens, each with the number of its step: for logs. What ends at once has one only. */
export function createPlainView(write: (text: string, step: ProgressStep | null) => void): ProgressView {
  const motions = createMotions()
  const shown = new Map<string, number>()
  const beginning = new Map<number, NodeJS.Timeout>()
  const say = (step: ProgressStep, text: string): void => write(`#${step.number} ${text}\n`, step)
  const settle = ({ id }: ProgressPart): void => {
    clearTimeout(beginning.get(id))
    beginning.delete(id)
  }
  return {
    opened: (step) => say(step, step.label),
    moved(step) {
      motions.keep(step)
      const now = Date.now()
      if (step.ended !== null || now - (shown.get(step.key) ?? step.started) < INTERVAL) return
      shown.set(step.key, now)
      say(step, [amountOf(step), ...paceOf(motions.of(step, now)), formatSeconds(now - step.started)].join(' '))
    },
    parted(step, part) {
      const { id, name, started, ended, cached } = part
      if (ended === null) return void beginning.set(id, setTimeout(say, AT_ONCE, step, name).unref())
      settle(part)
      say(step, `${name} ${formatSeconds(ended - started)} ${cached ? 'CACHED' : 'done'}`)
    },
    ended(step) {
      for (const part of step.parts) settle(part)
      const seconds = formatSeconds((step.ended ?? step.started) - step.started)
      const amount = step.bytes > 0 ? `${amountOf(step)} ` : ''
      if (step.error === CANCELED) say(step, 'CANCELED')
      else say(step, step.error === null ? `${amount}DONE ${seconds}` : `ERROR: ${step.error}`)
    },
    noted: say,
    warned: (message) => write(`WARNING: ${message}\n`, null),
    close: () => beginning.forEach((timer) => void clearTimeout(timer))
  }
}

/** "12.3MB / 40MB", or as much of it as is known. */
export function amountOf({ bytes, total }: ProgressStep): string {
  return total === null ? formatBytes(bytes) : `${formatBytes(bytes)} / ${formatBytes(total)}`
}

/** "80MB/s", "12s left", as much of it as is known. */
export function paceOf({ rate, secondsLeft }: Motion): readonly string[] {
  const speed = rate === null ? [] : [`${formatBytes(Math.round(rate))}/s`]
  return secondsLeft === null ? speed : [...speed, formatTimeLeft(secondsLeft)]
}

/** Milliseconds between two lines about the same step: a log is not to be flooded. */
const INTERVAL = 2000
/** Milliseconds within which a part has ended before anybody could have waited for it. */
const AT_ONCE = 200
