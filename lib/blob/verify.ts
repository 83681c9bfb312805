import { Transform } from 'node:stream'
import { InputError } from '../errors.js'
import type { Descriptor } from './descriptor.js'
import { algorithmOf, finishDigest, startDigest } from './digest.js'

type Expected = Pick<Descriptor, 'digest' | 'size'>

/**
 * Passes bytes on and fails, with an InputError, if they are not those of the descriptor: before the last of them, so
 * that nobody ever holds a whole copy of something wrong. `subject` names where they come from, for the error.
 */
export function verifyBytes(descriptor: Expected, subject: string): Transform {
  const check = new Check(descriptor, subject)
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      const problem = check.take(chunk)
      if (problem) done(problem)
      else done(null, chunk)
    },
    flush(done) {
      done(check.end())
    }
  })
}

/**
 * As `verifyBytes`, for bytes that pass in pieces: gives the stream for the piece that begins at `start`. A piece may
 * come again, and the first one begins anew. What begins beyond all that has passed is not verified, nor what follows.
 */
export function verifyPieces(descriptor: Expected, subject: string): (start: number) => Transform {
  let check = new Check(descriptor, subject)
  return (start) => {
    if (start === 0) check = new Check(descriptor, subject)
    let at = start
    return new Transform({
      transform(chunk: Buffer, _encoding, done) {
        const problem = at > check.seen ? null : check.take(chunk.subarray(check.seen - at))
        at += chunk.length
        if (problem) done(problem)
        else done(null, chunk)
      }
    })
  }
}

/** The digest of the bytes so far, and whether they can still be those of the descriptor. */
class Check {
  readonly #expected: Expected
  readonly #subject: string
  readonly #running
  #seen = 0

  constructor(expected: Expected, subject: string) {
    this.#expected = expected
    this.#subject = subject
    this.#running = startDigest(algorithmOf(expected.digest))
  }

  get seen(): number {
    return this.#seen
  }

  take(chunk: Buffer): InputError | null {
    if (chunk.length === 0) return null
    this.#seen += chunk.length
    if (this.#seen > this.#expected.size) return this.#wrongSize('more')
    this.#running.update(chunk)
    return this.#seen === this.#expected.size ? this.#wrongDigest() : null
  }

  end(): InputError | null {
    if (this.#seen < this.#expected.size) return this.#wrongSize(String(this.#seen))
    return this.#expected.size === 0 ? this.#wrongDigest() : null
  }

  #wrongDigest(): InputError | null {
    const { digest } = this.#expected
    const found = finishDigest(this.#running, algorithmOf(digest))
    return found === digest ? null : this.#damaged(digest, found)
  }

  #wrongSize(found: string): InputError {
    return this.#damaged(`${this.#expected.size} bytes`, found)
  }

  #damaged(expected: string, found: string): InputError {
    return new InputError({
      operation: 'read blob',
      subject: `${this.#subject}, ${this.#expected.digest}`,
      expected,
      found,
      advice: 'get the image anew, this copy is damaged'
    })
  }
}
