import { promisify } from 'node:util'
import { gunzip } from 'node:zlib'

const gunzipWhole = promisify(gunzip)

/** The contents of a gzip member, which are `length` bytes, made in one of libuv's threads. Longer ones are refused. */
export function inflate(member: Buffer, length: number): Promise<Buffer> {
  // With room to spare for one byte it is done in one go, and into one buffer.
  const chunkSize = Math.max(SMALLEST_CHUNK, length + 1)
  return gunzipWhole(member, { chunkSize, maxOutputLength: chunkSize })
}

/** What zlib takes. */
const SMALLEST_CHUNK = 64
