import { InputError } from '../errors.js'

/** How much a compressed stream may grow: it is refused when it exceeds both figures. */
export interface ExpansionLimit {
  /** Bytes of output that are always allowed. */
  readonly bytes: number
  /** Bytes of output for each byte of input. */
  readonly ratio: number
}

/** Real layers seldom shrink to a fiftieth, and few are larger than this; a bomb is both. */
export const DEFAULT_EXPANSION_LIMIT: ExpansionLimit = { bytes: 8 * 2 ** 30, ratio: 200 }

/** Counts what goes into a decompressor and what comes out of it. */
export interface ExpansionGuard {
  /** Bytes that went in. */
  readonly read: number
  /** The input, counted as it is read. */
  count(input: AsyncIterable<Buffer>): AsyncGenerator<Buffer>
  /** Passes on output; throws an InputError at the chunk that exceeds the limit. */
  check(output: AsyncIterable<Buffer>): AsyncGenerator<Buffer>
}

export function guardExpansion(subject: string, limit: ExpansionLimit = DEFAULT_EXPANSION_LIMIT): ExpansionGuard {
  let read = 0
  let written = 0
  return {
    get read() {
      return read
    },
    async *count(input) {
      for await (const chunk of input) {
        read += chunk.length
        yield chunk
      }
    },
    async *check(output) {
      for await (const chunk of output) {
        written += chunk.length
        if (written > limit.bytes && written > read * limit.ratio) throw tooLarge(subject, limit)
        yield chunk
      }
    }
  }
}

function tooLarge(subject: string, { bytes, ratio }: ExpansionLimit): InputError {
  return new InputError({
    operation: 'decompress',
    subject,
    expected: `no more than ${bytes} bytes, or ${ratio} times the compressed size`,
    found: 'a stream that grows beyond both',
    advice: 'if it is no bomb, raise the expansion limit'
  })
}
