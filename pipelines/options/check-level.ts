import { codecByName } from '../../lib/codec/index.js'
import { UsageError } from '../../lib/errors.js'

/** Refuses a level that one of the codecs does not have. `subject` is for the error. */
export function checkLevel(level: number | null, codecs: readonly string[], subject: string): void {
  for (const name of codecs) {
    const { levels } = codecByName(name)
    if (level === null || levels === null || (level >= levels.minimum && level <= levels.maximum)) continue
    throw new UsageError({
      operation: 'check output',
      subject: `${subject}: compression-level`,
      expected: `${levels.minimum} to ${levels.maximum} for ${name}`,
      found: String(level)
    })
  }
}
