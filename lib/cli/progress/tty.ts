import { type Canvas, createCanvas, type Terminal } from './canvas.js'
import { createRates } from './rates.js'
import type { ProgressStep, ProgressView } from './step.js'
import { headline, stepLines } from './tty-lines.js'

/** A line for each of `count` steps and of their parts, drawn anew in its place while they go on. */
export function createTtyView(
  terminal: Terminal,
  count: number,
  canvas: Canvas = createCanvas(terminal)
): ProgressView {
  const started = Date.now()
  const steps = new Map<string, ProgressStep>()
  const notes: string[] = []
  const rates = createRates()
  const draw = (): void => {
    const style = { columns: terminal.columns ?? 80, colors: terminal.hasColors?.() ?? false, now: Date.now() }
    const rows = (terminal.rows ?? 24) - 2 // less the headline, and the line that the cursor is on
    const all = [...steps.values()].sort((a, b) => a.number - b.number)
    const lines = fit(
      all.map((step) => ({ step, lines: stepLines(step, rates.of(step, style.now), style) })),
      rows
    )
    canvas.print(notes.splice(0))
    canvas.draw([headline(all, count, style.now - started, style), ...lines])
  }
  const timer = setInterval(draw, REDRAW)
  timer.unref()
  const keep = (step: ProgressStep): void => void steps.set(step.key, step)
  return {
    opened: keep,
    moved: keep,
    parted: keep,
    ended: keep,
    noted: (step, message) => void notes.push(` ${step.label}: ${message}`),
    close() {
      clearInterval(timer)
      draw()
      canvas.end()
    }
  }
}

interface Block {
  readonly step: ProgressStep
  readonly lines: readonly string[]
}

/** What a low terminal has room for: first the parts of ended steps go, then those steps, then the other parts. */
function fit(blocks: readonly Block[], rows: number): readonly string[] {
  const bare = ({ step, lines }: Block): readonly string[] => (step.ended === null ? lines : lines.slice(0, 1))
  const going = blocks.filter(({ step }) => step.ended === null)
  const choices = [
    blocks.flatMap(({ lines }) => lines),
    blocks.flatMap(bare),
    (going.length > 0 ? going : blocks).flatMap(bare)
  ]
  const chosen = choices.find((lines) => lines.length <= rows)
  return chosen ?? (choices.at(-1) ?? []).slice(-Math.max(1, rows))
}

/** Milliseconds; drawing more often would only take time from compression. */
const REDRAW = 100
