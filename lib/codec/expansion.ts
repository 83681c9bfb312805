import { InputError, UsageError } from '../errors.js'

/** How much a compressed stream may grow: it is refused when it exceeds both figures. */
export interface ExpansionLimit {
  /** Bytes of output that are always allowed. */
  readonly bytes: number
  /** Bytes of output for each byte of input. */
  readonly ratio: number
}

/** Real layers seldom shrink to a fiftieth, and few are larger than this; a bomb is both. */
const DEFAULT_LIMIT: ExpansionLimit = { bytes: 8 * 2 ** 30, ratio: 200 }

/** Of the environment: bytes that are allowed instead, for who has larger layers that shrink to nearly nothing. */
const VARIABLE = 'LAYERPIPE_EXPANSION_LIMIT'

/** Counts what goes into a decompressor and what comes out of it. */
export interface ExpansionGuard {
  /** Bytes that went in. */
  readonly read: number
  /** The input, counted as it is read. */
  count(input: AsyncIterable<Buffer>): AsyncGenerator<Buffer>
  /** Passes on output; throws an InputError at the chunk that exceeds the limit. */
  check(output: AsyncIterable<Buffer>): AsyncGenerator<Buffer>
}

export function guardExpansion(subject: string, limit: ExpansionLimit = usualLimit()): ExpansionGuard {
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

function usualLimit(): ExpansionLimit {
  const text = process.env[VARIABLE]
  if (!text) return DEFAULT_LIMIT
  if (/^\d{1,15}$/.test(text)) return { ...DEFAULT_LIMIT, bytes: Number(text) }
  const expected = 'a number of bytes'
  throw new UsageError({ operation: 'read environment', subject: VARIABLE, expected, found: JSON.stringify(text) })
}

function tooLarge(subject: string, { bytes, ratio }: ExpansionLimit): InputError {
  return new InputError({
    operation: 'decompress',
    subject,
    expected: `no more than ${bytes} bytes, or ${ratio} times the compressed size`,
    found: 'a stream that grows beyond both',
    advice: `if it is no bomb, set ${VARIABLE} to the bytes that it may have`
  })
}
