import { type Stage, stage } from '../graph/node.js'
import { generate } from '../streams/generate.js'
import type { Receipt } from './items.js'

/** The receipts of several sinks that are one output to the user, as one: what they are of is the same. */
export const combine: (parameters: { readonly exporter: string }) => Stage<Receipt, Receipt> = stage(
  'combine',
  ({ exporter }: { readonly exporter: string }) =>
    generate<Receipt, Receipt>(async function* (items) {
      let all: Receipt | null = null
      for await (const receipt of items) all = all === null ? { ...receipt, exporter } : add(all, receipt)
      if (all !== null) yield all
    })
)

function add(left: Receipt, right: Receipt): Receipt {
  return {
    ...left,
    destination: [left.destination, right.destination].filter(Boolean).join(', '),
    names: [...new Set([...left.names, ...right.names])],
    bytes: left.bytes + right.bytes,
    skipped: [...left.skipped, ...right.skipped],
    seconds: Math.max(left.seconds, right.seconds)
  }
}
