import { chmodSync, lstatSync, readdirSync, rmdirSync, unlinkSync } from 'node:fs'
import { openDirectory, type Path } from './open-directory.js'
import { isRoot } from './user.js'

/**
 * Removes a file, or a directory with all that is in it; links are not followed, and directories that their own mode
 * protects from their owner are opened first. What is not there needs no removing.
 */
export function removeTree(path: Path): void {
  const found = lstatSync(path, { throwIfNoEntry: false })
  if (found === undefined) return
  if (!found.isDirectory()) return unlinkSync(path)
  if (!isRoot()) chmodSync(path, 0o700)
  const directory = openDirectory(path)
  try {
    for (const name of readdirSync(directory.at('.'), 'latin1')) removeTree(directory.at(name))
  } finally {
    directory.close()
  }
  rmdirSync(path)
}
