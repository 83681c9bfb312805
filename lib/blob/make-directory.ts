import { mkdir, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { codeOf } from '../errors.js'

/**
 * Makes a directory and those above it; one that is there is fine. Node's own recursive mkdir never comes back where
 * a file system such as /proc says of every new name that something above it is missing.
 */
export async function makeDirectory(path: string): Promise<void> {
  try {
    await mkdir(path)
  } catch (error) {
    if (codeOf(error) === 'ENOENT' && dirname(path) !== path) {
      await makeDirectory(dirname(path))
      await makeLast(path)
    } else if (codeOf(error) !== 'EEXIST' || !(await stat(path)).isDirectory()) throw error
  }
}

async function makeLast(path: string): Promise<void> {
  try {
    await mkdir(path)
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw error // somebody else made it meanwhile
  }
}
