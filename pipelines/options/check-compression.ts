import { codecByName } from '../../lib/codec/index.js'
import { UsageError } from '../../lib/errors.js'

/** Refuses no codec, the same one twice, and a level that one of them does not have. `subject` is for the error. */
export function checkCompression(codecs: readonly string[], level: number | null, subject: string): void {
  if (codecs.length === 0) throw refuse(`${subject}: compression`, 'a codec', 'none')
  if (new Set(codecs).size < codecs.length) throw refuse(`${subject}: compression`, 'each codec once', codecs.join(','))
  for (const name of codecs) {
    const { levels } = codecByName(name)
    if (level === null || levels === null || (level >= levels.minimum && level <= levels.maximum)) continue
    const range = `${levels.minimum} to ${levels.maximum} for ${name}`
    throw refuse(`${subject}: compression-level`, range, String(level))
  }
}

function refuse(subject: string, expected: string, found: string): UsageError {
  return new UsageError({ operation: 'check output', subject, expected, found })
}
