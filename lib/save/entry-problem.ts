import type { Entry } from '../diff/entry.js'
import { InputError, type Problem } from '../errors.js'
import { shortened, textOf } from '../streams/bytes.js'

/** Says that an entry can't be written, because of what it is. */
export function entryProblem(entry: Entry, problem: Omit<Problem, 'operation' | 'subject'>): InputError {
  return new InputError({ operation: 'write entry', subject: shortened(textOf(entry.path)), ...problem })
}
