import { Transform } from 'node:stream'
import { algorithmOf, type Digest, finishDigest, startDigest } from '../blob/digest.js'
import { InputError } from '../errors.js'

export interface Expectation {
  readonly digest: Digest
  /** Bytes. */
  readonly size: number
  /** For the error: what is being done, and to what. */
  readonly operation: string
  readonly subject: string
}

/**
 * Passes bytes on and fails if they are not the expected ones: before the last of them, so that nobody ever holds a
 * complete copy of something wrong.
 */
export function createVerifier({ digest, size, operation, subject }: Expectation): Transform {
  const algorithm = algorithmOf(digest)
  const running = startDigest(algorithm)
  let seen = 0
  const problemAt = (end: boolean): InputError | null => {
    if (seen > size) return new InputError({ operation, subject, expected: `${size} bytes`, found: 'more' })
    if (seen < size)
      return end ? new InputError({ operation, subject, expected: `${size} bytes`, found: `${seen}` }) : null
    const found = finishDigest(running.copy(), algorithm)
    return found === digest ? null : new InputError({ operation, subject, expected: digest, found })
  }
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      seen += chunk.length
      running.update(chunk)
      const problem = problemAt(false)
      if (problem) done(problem)
      else done(null, chunk)
    },
    flush: (done) => done(problemAt(true))
  })
}
