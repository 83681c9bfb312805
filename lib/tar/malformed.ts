import type { Problem } from '../errors.js'

/** What is wrong with a tar. The parts that read a field know neither the tar nor the entry; the reader adds both. */
export class Malformed extends Error {
  readonly problem: Pick<Problem, 'expected' | 'found' | 'advice'>

  constructor(problem: Malformed['problem']) {
    super(problem.found ?? problem.expected ?? 'a malformed tar')
    this.problem = problem
  }
}

/** Advice where bytes are not what any program would have written. */
export const DAMAGED = 'the archive is damaged or cut off: get it again from where it came from'
/** Advice where the bytes are in order, and what they ask for is not. */
export const REFUSED = 'make the archive anew without this entry'
