import { styleText } from 'node:util'
import { formatSeconds } from '../units.js'
import type { Motion } from './motion.js'
import { amountOf, paceOf } from './plain.js'
import { CANCELED, type ProgressPart, type ProgressStep } from './step.js'

/** What lines are made with. */
export interface LineStyle {
  readonly columns: number
  readonly colors: boolean
  /** Milliseconds since 1970. */
  readonly now: number
}

/** "[+] Exporting 0.8s (7/7) FINISHED" */
export function headline(work: string, counts: Counts, elapsed: number, style: LineStyle): string {
  const outcome = outcomeOf(counts)
  const text = `[+] ${work} ${formatSeconds(elapsed)} (${counts.done}/${counts.count})`
  const line = cut(outcome === null ? text : `${text} ${outcome}`, style.columns - 1)
  return outcome === null ? line : paint(COLORS[outcome], line, style)
}

function outcomeOf({ done, count, errors }: Counts): keyof typeof COLORS | null {
  if (errors.length > 0) return errors.every((error) => error === CANCELED) ? 'CANCELED' : 'ERROR'
  return done === count ? 'FINISHED' : null
}

const COLORS = { FINISHED: 'blue', CANCELED: 'yellow', ERROR: 'red' } as const

/** How many steps there are, how many are done, and what those said that ended otherwise. */
export interface Counts {
  readonly done: number
  readonly count: number
  readonly errors: readonly string[]
}

/** The line of a step, and one for each of its parts. */
export function stepLines(step: ProgressStep, motion: Motion, style: LineStyle): readonly string[] {
  return [stepLine(step, motion, style), ...step.parts.map((part) => partLine(part, step.ended, style))]
}

function stepLine(step: ProgressStep, motion: Motion, style: LineStyle): string {
  const shared = step.consumers > 1 ? ` (shared by ${step.consumers})` : ''
  const line = justify(` => ${markOf(step)}${step.label}`, shared, rightOf(step, motion, style), style)
  if (step.error !== null) return paint(step.error === CANCELED ? 'yellow' : 'red', line, style)
  return motion.going ? line : paint('blue', line, style)
}

function markOf({ error, parts }: ProgressStep): string {
  if (error !== null) return error === CANCELED ? 'CANCELED ' : 'ERROR '
  return parts.length > 0 && parts.every((part) => part.cached) ? 'CACHED ' : ''
}

/** `stopped` is when its step ended, perhaps before it. */
function partLine(part: ProgressPart, stopped: number | null, style: LineStyle): string {
  const cached = part.cached ? 'CACHED ' : ''
  const seconds = formatSeconds((part.ended ?? stopped ?? style.now) - part.started)
  const line = justify(` => => ${cached}${part.name}`, '', seconds, style)
  return part.ended === null ? line : paint('blue', line, style)
}

/** "12.3MB / 40MB  80MB/s  1s left  0.4s", as much of it as is known and has room. */
function rightOf(step: ProgressStep, motion: Motion, { now, columns }: LineStyle): string {
  const seconds = formatSeconds((motion.going ? now : (step.ended ?? now)) - step.started)
  if (step.bytes === 0) return seconds
  const pace = columns >= ROOM_FOR_PACE ? paceOf(motion) : []
  return [amountOf(step), ...pace, seconds].join('  ')
}

/** Text at the left, cut where it must be, then its suffix, and at the right end of the line the rest. */
function justify(left: string, suffix: string, right: string, { columns }: LineStyle): string {
  const room = Math.max(0, columns - 1 - right.length - 1)
  const text = cut(left, Math.max(8, room - suffix.length)) + suffix
  return cut(`${text.padEnd(room)} ${right}`, columns - 1)
}

function cut(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, Math.max(0, length - 1))}…`
}

function paint(color: 'red' | 'yellow' | 'blue', text: string, { colors }: LineStyle): string {
  return colors ? styleText(color, text, { validateStream: false }) : text
}

/** Columns; in fewer, what a step is called matters more than how fast it is. */
const ROOM_FOR_PACE = 72
