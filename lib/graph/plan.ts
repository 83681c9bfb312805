import type { Node } from './node.js'

/** A node of the merged graph. */
export interface Step {
  readonly node: Node<unknown>
  /** In the order of the node's inputs. */
  readonly inputs: readonly Step[]
  /** The steps that consume this one's items, one for each of their inputs that it is. */
  readonly next: readonly Step[]
}

/** The work that is left when equal nodes are merged. */
export interface Plan {
  /** Children before parents: sources first. */
  readonly steps: readonly Step[]
  /** The step of each node that was asked for, in the order asked. */
  readonly targets: readonly Step[]
}

/** Merges equal nodes: two exporters that ask for the same work share it. */
export function plan(nodes: readonly Node<unknown>[]): Plan {
  const steps = new Map<string, Step & { next: Step[] }>()
  const visit = (node: Node<unknown>): Step => {
    const known = steps.get(node.key)
    if (known) return known
    const step = { node, inputs: node.inputs.map(visit), next: [] as Step[] }
    for (const input of step.inputs) steps.get(input.node.key)?.next.push(step)
    steps.set(node.key, step)
    return step
  }
  const targets = nodes.map(visit)
  return { steps: [...steps.values()], targets }
}
