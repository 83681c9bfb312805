import { UsageError } from '../../lib/errors.js'
import { parseName } from '../../lib/image/reference.js'

/**
 * Refuses a name with a digest: an image has its digest when it is made, and engines load no archive that names one.
 * `subject` is for the error.
 */
export function checkNames(names: readonly string[], subject: string): void {
  const found = names.find((name) => parseName(name).digest !== undefined)
  if (found === undefined) return
  throw new UsageError({
    operation: 'check output',
    subject,
    expected: 'a name without a digest, which the image has when it is made',
    found,
    advice: 'leave the digest out'
  })
}
