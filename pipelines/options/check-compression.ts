import { codecByName } from '../../lib/codec/index.js'
import { UsageError } from '../../lib/errors.js'

/** Refuses no codec, the same one twice, and a level that one of them does not have. `subject` is for the error. */
export function checkCompression(codecs: readonly string[], level: number | null, subject: string): void {
  if (codecs.length === 0) throw refuse(`${subject}: compression`, 'a codec', 'none')
  if (new Set(codecs).size < codecs.length) throw refuse(`${subject}: compression`, 'each codec once', codecs.join(','))
  if (codecs.includes('auto')) return checkAuto(codecs, level, subject)
  for (const name of codecs) {
    const { levels } = codecByName(name)
    if (level === null || levels === null || (level >= levels.minimum && level <= levels.maximum)) continue
    const range = `${levels.minimum} to ${levels.maximum} for ${name}`
    throw refuse(`${subject}: compression-level`, range, String(level))
  }
}

/** Refuses paths to begin with where no layer can begin with them. */
export function checkPrioritized(codecs: readonly string[], paths: readonly string[], subject: string): void {
  if (paths.length === 0 || codecs.includes('estargz')) return
  throw refuse(`${subject}: estargz-prioritize`, 'compression=estargz', codecs.join(',') || 'gzip')
}

/** Auto is for those who leave the choice. */
function checkAuto(codecs: readonly string[], level: number | null, subject: string): void {
  if (codecs.length > 1) throw refuse(`${subject}: compression`, 'auto alone', codecs.join(','))
  if (level !== null) throw refuse(`${subject}: compression-level`, 'no level for auto', String(level))
}

function refuse(subject: string, expected: string, found: string): UsageError {
  return new UsageError({ operation: 'check output', subject, expected, found })
}
