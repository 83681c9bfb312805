import { UsageError } from '../errors.js'
import type { Codec } from './codec.js'

/** Refuses a level that the codec does not have. */
export function checkLevel({ name, levels }: Pick<Codec, 'name' | 'levels'>, level: number): void {
  if (levels && Number.isInteger(level) && level >= levels.minimum && level <= levels.maximum) return
  throw new UsageError({
    operation: 'compress',
    subject: name,
    expected: levels ? `a level from ${levels.minimum} to ${levels.maximum}` : 'no level',
    found: String(level)
  })
}
