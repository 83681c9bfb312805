/*
 * JSON of which a field or two are of interest, whatever else it is: answers of services, what other programs keep.
 */

/** What a text is as JSON; null where it is none. */
export function jsonOrNull(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

/** What is under the keys, one in the other; undefined where there is nothing. */
export function fieldAt(document: unknown, ...keys: readonly string[]): unknown {
  let value = document
  for (const key of keys) value = isJsonObject(value) && Object.hasOwn(value, key) ? value[key] : undefined
  return value
}

/** The text under the keys; null where there is none, or an empty one. */
export function textAt(document: unknown, ...keys: readonly string[]): string | null {
  const value = fieldAt(document, ...keys)
  return typeof value === 'string' && value !== '' ? value : null
}

/** Whether a value is a JSON object, and no array. */
export function isJsonObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
