import { readFile } from 'node:fs/promises'
import { readProblem } from '../diff/read-problem.js'
import { UsageError } from '../errors.js'

/** The bytes of a file that a flag names. Throws UsageError where it can't be read; `expected` says what it should be. */
export async function readFlagFile(
  path: string,
  { operation, subject, expected }: { readonly operation: string; readonly subject: string; readonly expected: string }
): Promise<Buffer> {
  try {
    return await readFile(path)
  } catch (cause) {
    throw new UsageError({ ...readProblem(operation, subject, cause).problem, expected })
  }
}
