import type { Writable } from 'node:stream'
import { outputProblem } from '../blob/output-problem.js'
import { ClosedOutputError, codeOf } from '../errors.js'
import { createResource } from '../graph/resource.js'
import { borrowWritable } from '../streams/borrow.js'

/** Where a destination of `-` goes. Standard output, unless a run is given another stream. */
export const standardOutput = createResource<Writable & { readonly isTTY?: boolean }>('stdout', () => process.stdout)

/** Writes to standard output, which stays open. Fails with ClosedOutputError if nobody reads it any more. */
export function writeStandardOutput(output: Writable): Writable {
  return borrowWritable(output, explain)
}

function explain(error: Error): Error {
  const problem = { operation: 'write', subject: 'standard output' }
  const isClosed = codeOf(error) === 'EPIPE' || codeOf(error) === 'ERR_STREAM_DESTROYED'
  if (!isClosed) return outputProblem(problem.operation, problem.subject, error)
  return new ClosedOutputError({ ...problem, found: 'a closed pipe', cause: error })
}
