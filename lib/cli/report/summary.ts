import type { Step } from '../../graph/index.js'
import type { Receipt } from '../../stages/items.js'
import { printableText } from '../../streams/bytes.js'
import type { Recording } from '../progress/recorder.js'
import { formatBytes, formatSeconds } from '../units.js'
import type { FinishedRun } from './finished-run.js'
import { hintFor } from './hint.js'
import { describeWork } from './step-work.js'
import { type TimeSpent, timeSpent } from './time-spent.js'

/** For each output where it went and what it came to, and then where the time went. For a terminal of 80 columns. */
export function summarize(run: FinishedRun): string {
  const { plan, receipts, recording } = run
  const outputs = receipts.map((receipt, index) => outputLines(receipt, ratioOf(plan.targets[index], recording)))
  const spent = spentIn(run)
  const hint = hintFor(plan, spent)
  return [...outputs, timeLine(spent), hint === null ? '' : `Hint: ${hint}\n`].join('')
}

/** What the time of a run went to. */
export function spentIn({ plan, recording }: FinishedRun): readonly TimeSpent[] {
  const nodes = new Map(plan.steps.map(({ node }) => [node.key, node]))
  return timeSpent(
    recording.steps.flatMap((step) => {
      const node = nodes.get(step.key)
      return node ? [{ step, what: describeWork(node) }] : []
    })
  )
}

function outputLines(receipt: Receipt, ratio: Ratio | null): string {
  const { exporter, destination, descriptor, bytes, skipped, seconds } = receipt
  const smaller =
    ratio && `layers ${percent(ratio.compressed, ratio.uncompressed)} of ${formatBytes(ratio.uncompressed)}`
  const facts = [`${formatBytes(bytes)} in ${formatSeconds(seconds * 1000)}`, smaller, ...skipped].filter(Boolean)
  const lines = [...(descriptor ? [descriptor.digest] : []), facts.join(', ')]
  return `${exporter}${destination && ` to ${printableText(destination)}`}\n${lines.map((line) => `  ${line}\n`).join('')}`
}

interface Ratio {
  readonly compressed: number
  readonly uncompressed: number
}

/** Of the layers that this run made for a target; null where it made none. */
function ratioOf(target: Step | undefined, { steps }: Recording): Ratio | null {
  if (target === undefined) return null
  const above = stepsAbove(target)
  const sum = (operation: string): number => {
    const keys = above.filter(({ node }) => node.operation === operation).map(({ node }) => node.key)
    return steps.reduce((total, { key, bytes }) => (keys.includes(key) ? total + bytes : total), 0)
  }
  const [compressed, packed] = [sum('hash'), sum('pack')]
  const variants = above.filter(({ node }) => node.operation === 'compress').length
  return compressed > 0 && packed > 0 ? { compressed, uncompressed: packed * variants } : null
}

function stepsAbove(step: Step): readonly Step[] {
  return [...new Set([step, ...step.inputs.flatMap(stepsAbove)])]
}

function timeLine(spent: readonly TimeSpent[]): string {
  const total = spent.reduce((sum, { time }) => sum + time, 0)
  const told = spent.filter(({ time }) => time >= total / 100).slice(0, MOST_SHARES)
  if (total === 0 || told.length === 0) return ''
  return `${formatSeconds(total)}: ${told.map(({ what, time }) => `${percent(time, total)} ${what}`).join(', ')}\n`
}

function percent(part: number, whole: number): string {
  return `${Math.round((100 * part) / whole)}%`
}

/** Enough to see what to do about it. */
const MOST_SHARES = 3
