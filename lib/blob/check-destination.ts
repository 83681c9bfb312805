import { constants, type Stats } from 'node:fs'
import { access, stat } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { codeOf, OutputError } from '../errors.js'
import { outputProblem } from './output-problem.js'

/**
 * Tells before any work that `destination` can't be written: a directory where a file is wanted, a file where a
 * directory is wanted, a file among its parents, no permission. Writes nothing; parents may be missing.
 *
 * @throws OutputError
 */
export async function checkDestination(destination: string, kind: 'file' | 'directory'): Promise<void> {
  const path = resolve(destination)
  try {
    const found = await statOf(path)
    if (found) refuseWrongKind(destination, found, kind)
    if (found && !found.isFile()) await access(path, constants.W_OK)
    else await checkParent(dirname(path))
  } catch (error) {
    throw outputProblem('check destination', destination, error)
  }
}

function refuseWrongKind(destination: string, found: Stats, kind: 'file' | 'directory'): void {
  if (found.isDirectory() === (kind === 'directory')) return
  throw new OutputError({
    operation: 'check destination',
    subject: destination,
    expected: kind === 'file' ? 'a file, or nothing yet' : 'a directory, or nothing yet',
    found: found.isDirectory() ? 'a directory' : 'a file',
    advice: kind === 'file' ? 'name a file inside it' : 'remove the file or choose another destination'
  })
}

async function checkParent(parent: string): Promise<void> {
  const found = await statOf(parent)
  if (found === null) return checkParent(dirname(parent))
  if (!found.isDirectory()) {
    throw new OutputError({
      operation: 'check destination',
      subject: parent,
      expected: 'a directory',
      found: 'a file',
      advice: 'remove the file or choose another destination'
    })
  }
  await access(parent, constants.W_OK | constants.X_OK)
}

/** Null where nothing is yet. ENOTDIR too: then the file among its parents is the one to complain about. */
async function statOf(path: string): Promise<Stats | null> {
  try {
    return await stat(path)
  } catch (error) {
    if (codeOf(error) === 'ENOENT' || codeOf(error) === 'ENOTDIR') return null
    throw error
  }
}
