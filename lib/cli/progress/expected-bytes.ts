import type { ProgressStep } from './step.js'

/**
 * How many bytes a step will have moved: what it says itself, else what follows from how far the step is that it gets
 * its bytes from. Null where neither is known, and where bytes come together from several.
 */
export function expectedBytes(step: ProgressStep, steps: ReadonlyMap<string, ProgressStep>): number | null {
  if (step.total !== null) return step.total
  const [from, ...others] = moversAbove(step, steps)
  const expected = from && others.length === 0 ? expectedBytes(from, steps) : null
  if (!from || expected === null) return null
  return COPYING.has(step.operation) ? expected : (step.bytes * expected) / from.bytes
}

/** On each way up, the first step that moves bytes. */
function moversAbove(step: ProgressStep, steps: ReadonlyMap<string, ProgressStep>): readonly ProgressStep[] {
  const above = step.inputs.flatMap((key): readonly ProgressStep[] => {
    const input = steps.get(key)
    if (input === undefined) return []
    return input.bytes > 0 ? [input] : moversAbove(input, steps)
  })
  return [...new Set(above)]
}

/** Steps that pass on the very bytes that they get, at their own pace; the others turn them into more or fewer at once. */
const COPYING: ReadonlySet<string> = new Set(['upload', 'keep', 'layout'])
