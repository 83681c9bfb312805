import { finished } from 'node:stream/promises'
import { createPendingFile } from '../blob/pending-file.js'

/** Writes a small file that is complete or absent. */
export async function writeFile(path: string, text: string): Promise<void> {
  const file = await createPendingFile(path)
  try {
    const stream = file.writable()
    stream.end(text)
    await finished(stream)
    await file.commit()
  } finally {
    await file.abandon()
  }
}
