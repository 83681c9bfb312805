import { type Canvas, createCanvas, type Terminal } from './canvas.js'
import { createMotions, type Motion } from './motion.js'
import type { ProgressStep, ProgressView } from './step.js'
import { headline, stepLines } from './tty-lines.js'

/** What a block is headed with. */
export interface TtyHead {
  /** "Exporting", "Building". */
  readonly work: string
  /** Of all steps, also those that have not begun. */
  readonly count: number
}

/** A line for each step and for each of its parts, drawn anew in its place while they go on. */
export function createTtyView(
  terminal: Terminal,
  { work, count }: TtyHead,
  canvas: Canvas = createCanvas(terminal)
): ProgressView {
  const started = Date.now()
  const steps = new Map<string, ProgressStep>()
  const notes: string[] = []
  const motions = createMotions()
  const draw = (isLast = false): void => {
    const style = { columns: terminal.columns ?? 80, colors: terminal.hasColors?.() ?? false, now: Date.now() }
    const rows = (terminal.rows ?? 24) - 2 // less the headline, and the line that the cursor is on
    const blocks = [...steps.values()]
      .sort((a, b) => a.number - b.number)
      .map((step) => {
        const motion = isLast && step.ended !== null ? AT_REST : motions.of(step, style.now)
        return { step, motion, lines: stepLines(step, motion, style) }
      })
    const done = blocks.filter(({ motion }) => !motion.going).length
    const errors = blocks.flatMap(({ step }) => step.error ?? [])
    canvas.print(notes.splice(0))
    canvas.draw([headline(work, { done, count, errors }, style.now - started, style), ...fit(blocks, rows)])
  }
  const timer = setInterval(draw, REDRAW, false)
  timer.unref()
  const keep = (step: ProgressStep): void => {
    steps.set(step.key, step)
    motions.keep(step)
  }
  return {
    opened: keep,
    moved: keep,
    parted: keep,
    ended: keep,
    noted: (step, message) => void notes.push(` ${step.label}: ${message}`),
    warned: (message) => void notes.push(`WARNING: ${message}`),
    close() {
      clearInterval(timer)
      draw(true)
      canvas.end()
    }
  }
}

interface Block {
  readonly step: ProgressStep
  readonly motion: Motion
  readonly lines: readonly string[]
}

/** What a low terminal has room for: first the parts of ended steps go, then those steps, then the other parts. */
function fit(blocks: readonly Block[], rows: number): readonly string[] {
  const bare = ({ motion, lines }: Block): readonly string[] => (motion.going ? lines : lines.slice(0, 1))
  const going = blocks.filter(({ motion }) => motion.going)
  const choices = [
    blocks.flatMap(({ lines }) => lines),
    blocks.flatMap(bare),
    (going.length > 0 ? going : blocks).flatMap(bare)
  ]
  const chosen = choices.find((lines) => lines.length <= rows)
  return chosen ?? (choices.at(-1) ?? []).slice(-Math.max(1, rows))
}

const AT_REST: Motion = { going: false, rate: null, secondsLeft: null }

/** Milliseconds; drawing more often would only take time from compression. */
const REDRAW = 100
