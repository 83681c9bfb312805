import { Transform } from 'node:stream'

/** Passes bytes on and says how many each chunk had. */
export function countBytes(onBytes: (bytes: number) => void): Transform {
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      onBytes(chunk.length)
      done(null, chunk)
    }
  })
}
