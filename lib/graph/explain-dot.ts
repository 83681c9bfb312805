import { describeNode, describeParameters } from './explain.js'
import type { Plan, Step } from './plan.js'

/** What a picture says of a step besides its name. */
export interface StepNotes {
  readonly lines: readonly string[]
  /** `slowest` is the one that the others waited for. */
  readonly mark: 'slowest' | 'failed' | null
}

/** A plan as a graph in Graphviz's DOT language. Classes, not colours, mark what is shared and what was slow. */
export function explainDot(plan: Plan, notesOf: (step: Step) => StepNotes = () => NOTHING): string {
  const names = new Map(plan.steps.map((step, index) => [step, `n${index + 1}`]))
  const boxes = plan.steps.map((step) => `  ${names.get(step)} [${boxOf(step, notesOf(step))}]\n`)
  const arrows = plan.steps.flatMap((step) =>
    step.inputs.map((input) => `  ${names.get(input)} -> ${names.get(step)}\n`)
  )
  return `digraph plan {\n${SETTINGS}${boxes.join('')}${arrows.join('')}}\n`
}

const NOTHING: StepNotes = { lines: [], mark: null }
/** Letters of one width, and the same in all such fonts: whatever font there is, a text is as wide as its box. Graphviz knows this one. */
const SETTINGS = `  rankdir=LR
  bgcolor=transparent
  node [shape=box, style=rounded, fontname="Courier", fontsize=11]
`

function boxOf({ node, next }: Step, { lines, mark }: StepNotes): string {
  const shared = next.length > 1 ? [`shared by ${next.length}`] : []
  const classes = ['step', ...(shared.length > 0 ? ['shared'] : []), ...(mark ? [mark] : [])]
  const label = [node.operation, ...describeParameters(node).map(shorten), ...shared, ...lines]
    .map(escapeDot)
    .join('\\n')
  return `label="${label}", class="${classes.join(' ')}", tooltip="${escapeDot(describeNode(node))}"`
}

function shorten(text: string): string {
  return text.length <= LONGEST_LINE ? text : `${text.slice(0, LONGEST_LINE - 1)}…`
}

function escapeDot(text: string): string {
  return text.replace(/[\\"]/g, '\\$&').replace(/\p{Cc}/gu, ' ')
}

/** Characters of a box; longer ones, paths and digests, would make all others small. */
const LONGEST_LINE = 32
