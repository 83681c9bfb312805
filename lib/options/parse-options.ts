import { UsageError } from '../errors.js'
import { nearest } from '../nearest.js'
import { ANNOTATION_KEYS, isAnnotationKey, parseAnnotation } from './annotations.js'
import type { AnnotationValue, Option, OptionsOf, OptionTable } from './option.js'
import { parseValue } from './value.js'

/** One `key=value`, as it came. */
export interface Field {
  readonly key: string
  readonly value: string
}

/** Where the fields came from, for errors. */
export interface FieldOrigin {
  /** "read --output" */
  readonly operation: string
  /** "type=oci,dest=a.tar" */
  readonly subject: string
  /** Whose keys these are: "the oci exporter". */
  readonly owner: string
}

/**
 * Turns fields into the record that a table declares, with the defaults filled in. Of two equal keys the last wins.
 * An unknown key, and a value that does not fit, is a UsageError that says what would fit.
 */
export function parseOptions<T extends OptionTable>(
  table: T,
  fields: readonly Field[],
  origin: FieldOrigin
): OptionsOf<T> {
  const record: Record<string, unknown> = {}
  for (const [name, option] of Object.entries(table)) record[name] = option.default
  for (const field of fields) {
    const [name, option] = find(table, field, origin)
    if (option.kind === 'annotations') record[name] = addAnnotation(record[name], field, origin)
    else if (option.kind === 'repeated') record[name] = [...asList(record[name], option), field.value]
    else record[name] = givenBy(option, field, origin)
  }
  return record as OptionsOf<T> // the loops above give every name of the table a value of its option
}

function find(table: OptionTable, field: Field, origin: FieldOrigin): [string, Option] {
  const found = Object.entries(table).find(([, option]) => matches(option, field.key))
  if (found) return found
  const keys = Object.values(table).flatMap((option) =>
    option.kind === 'annotations' ? ANNOTATION_KEYS : [option.key, ...(option.aliases ?? [])]
  )
  const close = nearest(field.key, keys)
  const known = keys.length > 0 ? `it has ${keys.join(', ')}` : 'it has none'
  throw new UsageError({
    operation: origin.operation,
    subject: origin.subject,
    expected: `a key of ${origin.owner}`,
    found: `"${field.key}"`,
    advice: close === null ? known : `did you mean "${close}"?`
  })
}

function matches(option: Option, key: string): boolean {
  if (option.kind === 'annotations') return isAnnotationKey(key)
  return option.key === key || option.aliases?.includes(key) === true
}

function givenBy(option: Exclude<Option, { kind: 'annotations' }>, field: Field, origin: FieldOrigin): unknown {
  const parsed = parseValue(option, field.value)
  if (parsed.ok) return parsed.value
  throw new UsageError({
    operation: origin.operation,
    subject: `${origin.subject}: ${field.key}`,
    expected: parsed.expected,
    found: `"${field.value}"`,
    ...(parsed.suggestion !== null && { advice: `did you mean "${parsed.suggestion}"?` })
  })
}

function addAnnotation(before: unknown, field: Field, origin: FieldOrigin): readonly AnnotationValue[] {
  const added = parseAnnotation(field.key, field.value)
  if (added === null) {
    throw new UsageError({
      operation: origin.operation,
      subject: origin.subject,
      expected: `${ANNOTATION_KEYS.join('.KEY, ')}.KEY, with [os/arch] before the dot where it is not an index`,
      found: `"${field.key}"`
    })
  }
  const others = before as readonly AnnotationValue[] // what this function returned, or the empty default
  const same = (each: AnnotationValue): boolean =>
    each.target === added.target && each.platform === added.platform && each.key === added.key
  return [...others.filter((each) => !same(each)), added]
}

function asList(before: unknown, option: Option): readonly unknown[] {
  return Array.isArray(before) && before !== option.default ? before : []
}
