import { InputError } from '../errors.js'
import type { Judge, Rule } from './rule.js'

/**
 * The judge that a rule makes; what it throws says which rule that was.
 *
 * @throws InputError
 */
export function guardJudge(rule: Rule): Judge {
  const guard = <T>(call: () => T): T => {
    try {
      return call()
    } catch (cause) {
      const advice = 'the rule is at fault, not the image'
      throw new InputError({ operation: 'judge image', subject: `rule ${rule.name}`, cause, advice })
    }
  }
  const judge = guard(() => rule.judge())
  return guard(() => ({
    ...(judge.entry && { entry: (entry) => guard(() => judge.entry?.(entry) ?? null) }),
    ...(judge.piece && { piece: (bytes) => guard(() => judge.piece?.(bytes) ?? null) }),
    ...(judge.layer && { layer: (bytes) => guard(() => judge.layer?.(bytes) ?? null) }),
    ...(judge.image && { image: (bytes) => guard(() => judge.image?.(bytes) ?? null) })
  }))
}
