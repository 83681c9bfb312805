import { type Duplex, Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'
import { InputError } from '../errors.js'
import { chain } from '../streams/body.js'
import { generate } from '../streams/generate.js'
import type { DecompressOptions } from './decompress.js'
import { guardExpansion } from './expansion.js'
import { GET_AGAIN } from './get-again.js'

/** Bytes of output at a time; Node's own 16 KiB costs a trip to another thread each. */
const OUTPUT_CHUNK = 2 ** 18

/** Decompresses gzip members, one after another. Whatever else follows the last is refused: zeros, too. */
export function gunzip(subject: string, options: DecompressOptions): Duplex {
  return generate<Buffer, Buffer>(async function* (input) {
    const guard = guardExpansion(subject, options.limit)
    const engine = createGunzip({ chunkSize: OUTPUT_CHUNK })
    try {
      yield* guard.check(chain(Readable.from(guard.count(input), { highWaterMark: 1 }), [engine]))
    } catch (error) {
      throw problemIn(error, subject)
    }
    // Node's zlib stops without a word at a zero byte after a member, and leaves the rest.
    if (engine.bytesWritten < guard.read) throw invalid(subject, 'something else after the last member')
  })
}

function problemIn(error: unknown, subject: string): unknown {
  if (!(error instanceof Error && 'code' in error)) return error
  if (error.code === 'Z_BUF_ERROR') return invalid(subject, 'an end in the middle of a member', error)
  if (error.code === 'Z_DATA_ERROR') return invalid(subject, error.message, error)
  return error
}

function invalid(subject: string, found: string, cause?: Error): InputError {
  return new InputError({
    operation: 'decompress gzip',
    subject,
    expected: 'whole gzip members and nothing else',
    found,
    advice: GET_AGAIN,
    cause
  })
}
