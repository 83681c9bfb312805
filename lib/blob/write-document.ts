import { chmod } from 'node:fs/promises'
import { Readable } from 'node:stream'
import { flow } from '../streams/flow.js'
import { createPendingFile, type PendingFileOptions } from './pending-file.js'

/**
 * Writes a small file as a whole: readers see the old one or the new one. `mode` is given whatever the umask; null
 * is what the umask leaves. The options are those of a pending file.
 */
export async function writeDocument(
  path: string,
  bytes: Buffer,
  mode: number | null,
  options: PendingFileOptions = {}
): Promise<void> {
  const file = await createPendingFile(path, options)
  try {
    await flow([Readable.from([bytes]), file.writable()])
    if (mode !== null) await chmod(file.path, mode)
    await file.commit()
  } finally {
    await file.abandon()
  }
}
