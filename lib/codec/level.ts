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

/** A level that was given, or else the default; null for a codec without levels. Throws as `checkLevel`. */
export function resolveLevel(codec: Pick<Codec, 'name' | 'levels'>, given: number | null): number | null {
  if (codec.levels === null) return null
  const level = given ?? codec.levels.default
  checkLevel(codec, level)
  return level
}
