import { Transform } from 'node:stream'
import { InputError } from '../errors.js'
import type { Descriptor } from './descriptor.js'
import { algorithmOf, finishDigest, startDigest } from './digest.js'

/**
 * Passes bytes on and fails, with an InputError, as soon as they are more than the descriptor says, or at the end if
 * they are fewer or other ones. `subject` names where they come from, for the error.
 */
export function verifyBytes(descriptor: Pick<Descriptor, 'digest' | 'size'>, subject: string): Transform {
  const { digest, size } = descriptor
  const algorithm = algorithmOf(digest)
  const running = startDigest(algorithm)
  let seen = 0
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      seen += chunk.length
      if (seen > size) return done(wrongSize(descriptor, subject, 'more'))
      running.update(chunk)
      done(null, chunk)
    },
    flush(done) {
      if (seen < size) return done(wrongSize(descriptor, subject, String(seen)))
      const found = finishDigest(running, algorithm)
      done(found === digest ? null : new InputError({ ...damaged(descriptor, subject), expected: digest, found }))
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
