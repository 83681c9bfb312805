import type { Json } from '../graph/json.js'
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
  return isSealed(value) && digestOf(value.text) === value.digest ? value.text : null
}

function isSealed(value: unknown): value is Sealed {
  if (typeof value !== 'object' || value === null || !('digest' in value && 'text' in value)) return false
  return typeof value.digest === 'string' && typeof value.text === 'string'
}
