import { UsageError } from '../errors.js'
import type { Field } from '../options/parse-options.js'
import { parseCsvRecord } from './csv.js'

/** One `--output` as it was written: nothing of it has been checked against an exporter. */
export interface OutputRequest {
  /** As given, for errors. */
  readonly text: string
  readonly type: string
  readonly fields: readonly Field[]
}

/**
 * Reads the value of one `--output`, as buildx does; null where it is empty.
 *
 * `-` is short for `type=tar,dest=-`, and any other single field without `type=` for `type=local,dest=FIELD`. Keys are
 * trimmed and lower-cased, except for what follows `annotation.`, whose case matters.
 */
export function parseOutput(text: string): OutputRequest | null {
  if (text === '') return null
  const fields = parseCsvRecord(text)
  if (fields === null) {
    throw refuse(text, { expected: 'a comma-separated list', found: 'a quote that is not closed, or within a field' })
  }
  if (fields.length === 1 && fields[0] === text && !text.startsWith('type=')) return shorthand(text)
  const pairs = fields.map((field) => parseField(field, text))
  const type = pairs.findLast((pair) => pair.key === 'type')?.value
  if (!type) throw new UsageError({ operation: 'type is required for output', subject: text })
  return { text, type, fields: pairs.filter((pair) => pair.key !== 'type') }
}

function shorthand(destination: string): OutputRequest {
  const type = destination === '-' ? 'tar' : 'local'
  return { text: destination, type, fields: [{ key: 'dest', value: destination }] }
}

function parseField(field: string, text: string): Field {
  const equals = field.indexOf('=')
  if (equals < 0) throw refuse(text, { expected: 'key=value', found: JSON.stringify(field) })
  return { key: normalizeKey(field.slice(0, equals)), value: field.slice(equals + 1) }
}

function normalizeKey(written: string): string {
  const key = written.trim()
  const family = /^annotation[^.]*\./i.exec(key)?.[0] ?? key
  return family.toLowerCase() + key.slice(family.length)
}

function refuse(text: string, contrast: { readonly expected: string; readonly found: string }): UsageError {
  return new UsageError({ operation: 'read --output', subject: text, ...contrast })
}
