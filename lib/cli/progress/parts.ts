import type { PartEvent } from '../../trace.js'
import type { ProgressPart } from './step.js'

/** The parts of a step after one of them began or ended. */
export function changeParts(parts: readonly ProgressPart[], { id, name, event }: PartEvent): readonly ProgressPart[] {
  const now = Date.now()
  if (event === 'begin') return [...parts, { id, name, started: now, ended: null, cached: false }]
  return parts.map((part) => (part.id === id ? { ...part, ended: now, cached: event === 'cached' } : part))
}
