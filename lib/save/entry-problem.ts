import type { Entry } from '../diff/entry.js'
import { InputError, type Problem } from '../errors.js'
import { textOf } from '../streams/bytes.js'

/** Says that an entry can't be written, because of what it is. */
export function entryProblem(entry: Entry, problem: Omit<Problem, 'operation' | 'subject'>): InputError {
  return new InputError({ operation: 'write entry', subject: shorten(textOf(entry.path)), ...problem })
}

function shorten(path: string): string {
  return path.length > 500 ? `${path.slice(0, 500)}…` : path
}
