import type { Json } from '../graph/json.js'
import { textAt } from '../loose-json.js'
import { digestOf } from './digest.js'

/** A text with its digest, for a record of what must not be believed when it is damaged. */
export type Sealed = {
  readonly digest: string
  readonly text: string
}

export function seal(text: string): Sealed {
  return { digest: digestOf(text), text }
}

/** The text; null where it is not what was sealed. */
export function unseal(value: Json | null): string | null {
  const text = textAt(value, 'text')
  return text !== null && digestOf(text) === textAt(value, 'digest') ? text : null
}
