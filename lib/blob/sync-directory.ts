import { open } from 'node:fs/promises'
import { codeOf } from '../errors.js'

/** Makes the names in a directory survive a power cut: fsync of a file does not cover its name. */
export async function syncDirectory(path: string): Promise<void> {
  const directory = await open(path, 'r')
  try {
    await directory.sync()
  } catch (error) {
    if (codeOf(error) !== 'EINVAL') throw error // some network file systems have no fsync for directories
  } finally {
    await directory.close()
  }
}
