import { UsageError } from '../errors.js'
import { nearest } from '../nearest.js'
import { estimateTransfer, type TransferFacts } from './estimate.js'
import { parseBandwidth } from './quantity.js'

export const goalNames = ['min-pull', 'min-push', 'min-size', 'balanced'] as const

export type GoalName = (typeof goalNames)[number]

/** What a recommendation is to achieve. A type: it is plain data. */
export type Goal = {
  readonly name: GoalName
  /** Bits per second, of the network that images go through. */
  readonly bandwidth: number
}

/** What most people push through, and many pull through. */
export const DEFAULT_BANDWIDTH = 100e6

/**
 * Reads `min-pull`, `min-push`, `min-size` or `balanced`, with `,bandwidth=100mbit` behind it where wanted.
 *
 * @throws UsageError
 */
export function parseGoal(text: string, usualBandwidth = DEFAULT_BANDWIDTH): Goal {
  const [word = '', field, ...rest] = text.split(',')
  const name = goalNames.find((each) => each === word)
  if (name === undefined) throw refuse(text, goalNames.join(', '), JSON.stringify(word), nearest(word, goalNames))
  if (field === undefined) return { name, bandwidth: usualBandwidth }
  const [, bandwidth] = /^bandwidth=(.*)$/.exec(field) ?? []
  if (bandwidth !== undefined && rest.length === 0) return { name, bandwidth: parseBandwidth(bandwidth) }
  throw refuse(text, `only bandwidth=… behind ${name}`, JSON.stringify([field, ...rest].join(',')), null)
}

/** The best candidate for a goal; of equals, the first. There is at least one. */
export function findBest<T extends TransferFacts>(goal: Goal, candidates: readonly T[]): T {
  return candidates.reduce((best, each) => (costOf(goal, each) < costOf(goal, best) ? each : best))
}

/** Less is better. Balanced: each image is pushed once and pulled, at the least, once. */
function costOf({ name, bandwidth }: Goal, facts: TransferFacts): number {
  const { pushSeconds, pullSeconds } = estimateTransfer(facts, bandwidth)
  switch (name) {
    case 'min-size':
      return facts.size
    case 'min-push':
      return pushSeconds
    case 'min-pull':
      return pullSeconds
    case 'balanced':
      return pushSeconds + pullSeconds
  }
}

function refuse(text: string, expected: string, found: string, close: string | null): UsageError {
  const advice = close === null ? {} : { advice: `did you mean "${close}"?` }
  return new UsageError({ operation: 'read goal', subject: JSON.stringify(text), expected, found, ...advice })
}
