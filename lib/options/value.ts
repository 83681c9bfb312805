import { nearest } from '../nearest.js'
import type { Option } from './option.js'

/** What a value turned out to be: what it says, or what was expected of it. */
export type ParsedValue =
  | { readonly ok: true; readonly value: boolean | number | string | null | readonly string[] }
  | { readonly ok: false; readonly expected: string; readonly suggestion: string | null }

/** Reads one value as its option declares it. */
export function parseValue(option: Exclude<Option, { kind: 'annotations' }>, text: string): ParsedValue {
  switch (option.kind) {
    case 'boolean':
      return parseBoolean(text)
    case 'integer':
      if (text === '' && option.default === null) return { ok: true, value: null }
      return parseInteger(text, option.minimum, option.maximum)
    case 'choice':
      return parseChoice(text, option.choices)
    case 'list':
      return parseList(text, option.choices)
    case 'text':
    case 'repeated':
      return { ok: true, value: text }
  }
}

function parseBoolean(text: string): ParsedValue {
  if (text === '' || TRUE.includes(text)) return { ok: true, value: true }
  if (FALSE.includes(text)) return { ok: true, value: false }
  return { ok: false, expected: 'true or false', suggestion: null }
}

function parseInteger(text: string, minimum: number, maximum: number): ParsedValue {
  const value = /^-?[0-9]+$/.test(text) ? Number(text) : Number.NaN
  if (value >= minimum && value <= maximum) return { ok: true, value }
  return { ok: false, expected: `a whole number from ${minimum} to ${maximum}`, suggestion: null }
}

function parseChoice(text: string, choices: readonly string[]): ParsedValue {
  if (choices.includes(text)) return { ok: true, value: text }
  return { ok: false, expected: choices.join(', ').replace(/, ([^,]*)$/, ' or $1'), suggestion: nearest(text, choices) }
}

function parseList(text: string, choices: readonly string[] | undefined): ParsedValue {
  const items = text.split(',').filter((item) => item !== '')
  const wrong = items.map((item) => (choices ? parseChoice(item, choices) : null)).find((item) => item?.ok === false)
  return wrong ?? { ok: true, value: items }
}

/** The spellings of Go's strconv.ParseBool, which BuildKit reads its booleans with. */
const TRUE: readonly string[] = ['1', 't', 'T', 'true', 'TRUE', 'True']
const FALSE: readonly string[] = ['0', 'f', 'F', 'false', 'FALSE', 'False']
