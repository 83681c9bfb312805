import { formatSeconds } from '../units.js'
import { amountOf } from './plain.js'
import type { ProgressStep, ProgressView } from './step.js'

/** What the view needs of a terminal. */
export interface Terminal {
  readonly columns?: number
  readonly rows?: number
  write(text: string): unknown
}

/** A line for each of `count` steps, drawn anew in its place while they go on. */
export function createTtyView(terminal: Terminal, count: number): ProgressView {
  const started = Date.now()
  const steps = new Map<string, ProgressStep>()
  const notes: string[] = []
  let height = 0
  const draw = (): void => {
    const block = linesOf([...steps.values()], count, Date.now() - started, terminal)
    const lines = [...notes.splice(0), ...block].map((line) => `${cut(line, terminal)}\n`)
    terminal.write(`${height > 0 ? `\x1b[${height}A` : ''}\r\x1b[J${lines.join('')}`)
    height = block.length
  }
  const timer = setInterval(draw, REDRAW)
  timer.unref()
  const keep = (step: ProgressStep): void => void steps.set(step.key, step)
  return {
    opened: keep,
    moved: keep,
    ended: keep,
    noted: (step, message) => void notes.push(` ${step.label}: ${message}`),
    close() {
      clearInterval(timer)
      draw()
    }
  }
}

function linesOf(steps: readonly ProgressStep[], count: number, elapsed: number, terminal: Terminal): string[] {
  const done = steps.filter((step) => step.ended !== null).length
  const state = steps.some((step) => step.error !== null) ? ' ERROR' : done === count ? ' FINISHED' : ''
  const headline = `[+] Exporting ${formatSeconds(elapsed)} (${done}/${count})${state}`
  return [headline, ...fitting(steps, terminal).map((step) => lineOf(step, terminal))]
}

/** As many steps as the terminal has room for, those that go on first to stay; in the order of the plan. */
function fitting(steps: readonly ProgressStep[], { rows = 24 }: Terminal): readonly ProgressStep[] {
  const room = Math.max(1, rows - 2) // less the headline, and the line that the cursor is on
  const goingOn = (step: ProgressStep): number => Number(step.ended === null)
  const kept = steps.toSorted((a, b) => goingOn(b) - goingOn(a) || b.number - a.number).slice(0, room)
  return kept.toSorted((a, b) => a.number - b.number)
}

function lineOf(step: ProgressStep, { columns = 80 }: Terminal): string {
  const left = ` ${step.error === null ? '=>' : 'ERROR'} ${step.label}`
  const seconds = formatSeconds((step.ended ?? Date.now()) - step.started)
  const right = step.bytes > 0 ? `${amountOf(step)}  ${seconds}` : seconds
  const space = Math.max(0, columns - 1 - right.length)
  return `${left.slice(0, Math.max(0, space - 1)).padEnd(space)}${right}`
}

function cut(line: string, { columns = 80 }: Terminal): string {
  return line.slice(0, Math.max(0, columns - 1))
}

/** Milliseconds; drawing more often would only take time from compression. */
const REDRAW = 100
