import { Transform } from 'node:stream'
import { InputError } from '../errors.js'
import type { Descriptor } from './descriptor.js'
import { algorithmOf, finishDigest, startDigest } from './digest.js'

/**
 * Passes bytes on and fails, with an InputError, if they are not those of the descriptor: before the last of them, so
 * that nobody ever holds a whole copy of something wrong. `subject` names where they come from, for the error.
 */
export function verifyBytes(descriptor: Pick<Descriptor, 'digest' | 'size'>, subject: string): Transform {
  const { digest, size } = descriptor
  const algorithm = algorithmOf(digest)
  const running = startDigest(algorithm)
  let seen = 0
  const checkEnd = (): InputError | null => {
    const found = finishDigest(running, algorithm)
    return found === digest ? null : new InputError({ ...damaged(descriptor, subject), expected: digest, found })
  }
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      seen += chunk.length
      if (seen > size) return done(wrongSize(descriptor, subject, 'more'))
      if (chunk.length > 0) running.update(chunk)
      const problem = chunk.length > 0 && seen === size ? checkEnd() : null
      if (problem) done(problem)
      else done(null, chunk)
    },
    flush(done) {
      if (seen < size) return done(wrongSize(descriptor, subject, String(seen)))
      done(size === 0 ? checkEnd() : null)
    }
  })
}

function wrongSize(descriptor: Pick<Descriptor, 'digest' | 'size'>, subject: string, found: string): InputError {
  return new InputError({ ...damaged(descriptor, subject), expected: `${descriptor.size} bytes`, found })
}

function damaged({ digest }: Pick<Descriptor, 'digest'>, subject: string) {
  return {
    operation: 'read blob',
    subject: `${subject}, ${digest}`,
    advice: 'get the image anew, this copy is damaged'
  }
}
