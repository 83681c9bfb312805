import { canonicalJson, type Json } from './json.js'
import type { Node } from './node.js'
import type { Plan, Step } from './plan.js'

/** "compress codec=zstd level=3": what a node does, with the parameters that are set. */
export function describeNode(node: Node<unknown>): string {
  return [node.operation, ...describeParameters(node)].join(' ')
}

/** "codec=zstd" and "level=3": the parameters that are set. */
export function describeParameters({ parameters }: Node<unknown>): readonly string[] {
  const shown = isRecord(parameters) ? Object.entries(parameters).filter(([, value]) => isTelling(value)) : []
  return shown.map(([key, value]) => `${key}=${valueText(value)}`)
}

/**
 * A plan as text: a line for each step, sources first, with where its items come from, and which ones several steps
 * share.
 */
export function explainText(plan: Plan): string {
  const numbers = numbersOf(plan)
  const lines = plan.steps.map((step) => {
    const inputs = step.inputs.map((input) => `#${numbers.get(input)}`).join(', ')
    const shared = step.next.length > 1 ? `, shared by ${step.next.length}` : ''
    return `#${numbers.get(step)} ${describeNode(step.node)}${inputs && ` from ${inputs}`}${shared}\n`
  })
  return lines.join('')
}

/** A plan as a Mermaid flowchart. */
export function explainMermaid(plan: Plan): string {
  const numbers = numbersOf(plan)
  const boxes = plan.steps.map((step) => `  n${numbers.get(step)}["${escapeMermaid(describeNode(step.node))}"]\n`)
  const arrows = plan.steps.flatMap((step) =>
    step.inputs.map((input) => `  n${numbers.get(input)} --> n${numbers.get(step)}\n`)
  )
  return `flowchart LR\n${boxes.join('')}${arrows.join('')}`
}

function numbersOf(plan: Plan): ReadonlyMap<Step, number> {
  return new Map(plan.steps.map((step, index) => [step, index + 1]))
}

function isRecord(value: Json): value is { readonly [key: string]: Json | undefined } {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isTelling(value: Json | undefined): boolean {
  if (value === undefined || value === null || value === '' || value === false) return false
  return typeof value !== 'object' || Object.keys(value).length > 0
}

function valueText(value: Json | undefined): string {
  if (Array.isArray(value) && value.every((each) => typeof each === 'string')) return value.join(',')
  return typeof value === 'string' ? value : canonicalJson(value ?? null)
}

/** Entities, because Mermaid has no other way to put a quote or a bracket into a label. */
function escapeMermaid(text: string): string {
  return text.replace(/[^\w ./:=,@+-]/gu, (letter) => `#${letter.codePointAt(0)};`)
}
