import { closeSync, openSync, readSync } from 'node:fs'
import { buffer } from 'node:stream/consumers'
import type { Blob, ByteRange } from './blob.js'

/**
 * Some bytes of a blob, which fit into memory; fewer, where it ends before. Of a file they are read at once: that takes
 * less than the way through a thread and back.
 */
export async function readRange(blob: Blob, { start, end }: ByteRange): Promise<Buffer> {
  if (blob.file === undefined) return buffer(blob.open({ start, end }))
  const file = openSync(blob.file, 'r')
  try {
    const bytes = Buffer.allocUnsafeSlow(end - start)
    return bytes.subarray(0, readSync(file, bytes, 0, bytes.length, start))
  } finally {
    closeSync(file)
  }
}
