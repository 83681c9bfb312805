/*
 * Values as Go's fmt prints them, because BuildKit writes history that way and builds are compared by it.
 */

/** `%q` of a string. */
export function goQuote(text: string): string {
  const body = text.replace(/[\\"\p{C}\p{Z}]/gu, (character) => {
    if (character === ' ') return character
    return ESCAPES[character] ?? escapeCode(character.codePointAt(0) ?? 0)
  })
  return `"${body}"`
}

const ESCAPES: Readonly<Record<string, string>> = {
  '\\': '\\\\',
  '"': '\\"',
  '\u0007': '\\a',
  '\b': '\\b',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\v': '\\v'
}

function escapeCode(code: number): string {
  if (code < 0x80) return `\\x${code.toString(16).padStart(2, '0')}`
  return code > 0xffff ? `\\U${code.toString(16).padStart(8, '0')}` : `\\u${code.toString(16).padStart(4, '0')}`
}

/** `%q` of a list of strings. */
export function goQuoteList(words: readonly string[]): string {
  return `[${words.map(goQuote).join(' ')}]`
}

const UNITS: Readonly<Record<string, number>> = { ns: 1, us: 1e3, µs: 1e3, ms: 1e6, s: 1e9, m: 6e10, h: 3.6e12 }

const PART = /(\d+(?:\.\d*)?|\.\d+)(ns|us|µs|ms|s|m|h)/g
const DURATION = new RegExp(`^[+-]?(?:${PART.source})+$`)

/** A duration as `time.ParseDuration` reads it, in nanoseconds; null where it is none. */
export function parseDuration(text: string): number | null {
  if (text === '0') return 0
  if (!DURATION.test(text)) return null
  const parts = [...text.matchAll(PART)]
  const sum = parts.reduce((total, [, count = '0', unit = 's']) => total + Number(count) * (UNITS[unit] ?? 1), 0)
  return Math.round(text.startsWith('-') ? -sum : sum)
}

/** A duration as `time.Duration` prints it: `1m30s`, `500ms`, `0s`. */
export function formatDuration(nanoseconds: number): string {
  if (nanoseconds === 0) return '0s'
  if (nanoseconds < 1e3) return `${nanoseconds}ns`
  if (nanoseconds < 1e6) return `${nanoseconds / 1e3}µs`
  if (nanoseconds < 1e9) return `${nanoseconds / 1e6}ms`
  const minutes = Math.floor(nanoseconds / 6e10)
  const seconds = `${(nanoseconds % 6e10) / 1e9}s`
  if (minutes === 0) return seconds
  return minutes < 60 ? `${minutes}m${seconds}` : `${Math.floor(minutes / 60)}h${minutes % 60}m${seconds}`
}
