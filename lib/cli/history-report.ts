import type { ImageReport } from '../stages/inspect.js'
import { printableText } from '../streams/bytes.js'
import { formatBytes } from './units.js'

/** The steps that made an image, oldest first, with the size of the layer that each made. */
export function historyAsText({ layers, history }: ImageReport): string {
  const steps = [
    ...layers.flatMap(({ stored, history: own }) => {
      return own.map((step, index) => ({ step, size: index === own.length - 1 ? (stored?.size ?? null) : 0 }))
    }),
    ...history.map((step) => ({ step, size: 0 }))
  ]
  const lines = steps.map(({ step, size }) => {
    const amount = size === null ? 'not packed' : size === 0 ? '-' : formatBytes(size)
    return `  ${(step.created ?? '-').padEnd(20)}  ${amount.padStart(10)}  ${printableText(step.created_by ?? '')}\n`
  })
  return `${'History:'.padEnd(12)}${steps.length} ${steps.length === 1 ? 'step' : 'steps'}\n${lines.join('')}`
}
