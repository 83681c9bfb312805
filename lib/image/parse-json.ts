import { InputError, messageOf } from '../errors.js'

/**
 * Bytes. Larger documents are refused before they are read: clients should not make larger manifests, and registries
 * should take all below (distribution-spec, "Pushing Manifests"); a config is no larger in any tool.
 */
export const LARGEST_DOCUMENT = 4 * 2 ** 20

/** Parses JSON that came from outside and holds an object or an array. Fields that are null are left out. */
export function parseJson(bytes: Buffer, subject: string): object {
  if (bytes.length > LARGEST_DOCUMENT) throw tooLarge(bytes.length, subject)
  const value = parse(bytes, subject)
  if (typeof value === 'object' && value !== null) return value
  throw new InputError({ operation: 'read document', subject, expected: 'a JSON object', found: typeof value })
}

/** The error of a document that is larger than any honest one. */
export function tooLarge(size: number, subject: string): InputError {
  return new InputError({
    operation: 'read document',
    subject,
    expected: `at most ${LARGEST_DOCUMENT} bytes`,
    found: `${size} bytes`
  })
}

/** A document nested so deep that it overflows the stack is an error like any other. */
function parse(bytes: Buffer, subject: string): unknown {
  try {
    return JSON.parse(bytes.toString('utf8'), (_key, each: unknown) => (each === null ? undefined : each))
  } catch (cause) {
    throw new InputError({ operation: 'read document', subject, expected: 'JSON', found: messageOf(cause), cause })
  }
}
