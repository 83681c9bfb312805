import type { FileHandle } from 'node:fs/promises'

/**
 * Writes chunks one behind the other, from `position` or from where the file is. A write may take less than it is given:
 * on a full disk, at a signal, for more than 2 GiB; it goes on with the rest, and what is in the way is its error.
 *
 * @returns the number of bytes
 */
export async function writeAll(file: FileHandle, chunks: readonly Buffer[], position?: number): Promise<number> {
  let { bytesWritten } = await file.writev(chunks, position)
  let total = 0
  for (const chunk of chunks) {
    for (let at = Math.min(bytesWritten, chunk.length); at < chunk.length; ) {
      const place = position === undefined ? null : position + total + at
      at += (await file.write(chunk, at, null, place)).bytesWritten
    }
    bytesWritten = Math.max(0, bytesWritten - chunk.length)
    total += chunk.length
  }
  return total
}
