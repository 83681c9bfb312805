import { open } from 'node:fs/promises'
import type { TarReader } from '../tar/reader.js'

/** One system call for hundreds of small entries, and little read in vain before a body that is passed over. */
const CHUNK = 2 ** 18

/**
 * Pushes an uncompressed tar that lies in a file through `reader`, large bodies left out, in memory that is used again
 * for each piece. `onBytes` counts what was read or passed over.
 */
export async function readHeaders(
  path: string,
  reader: TarReader,
  onBytes: (bytes: number) => void = () => {}
): Promise<void> {
  const file = await open(path, 'r')
  try {
    const { size } = await file.stat()
    const chunk = Buffer.allocUnsafeSlow(CHUNK)
    for (let at = 0; at < size; ) {
      const { bytesRead } = await file.read(chunk, 0, CHUNK, at)
      if (bytesRead === 0) break
      reader.push(chunk.subarray(0, bytesRead))
      const passed = Math.max(0, Math.min(reader.skippable, size - at - bytesRead))
      if (passed > 0) reader.skip(passed)
      at += bytesRead + passed
      onBytes(bytesRead + passed)
    }
  } finally {
    await file.close()
  }
  reader.end()
}
