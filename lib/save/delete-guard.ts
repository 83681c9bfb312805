import { realpathSync } from 'node:fs'
import { relative, resolve, sep } from 'node:path'
import { UsageError } from '../errors.js'

/**
 * Refuses to remove what is not in a result from a directory that is not below the working directory.
 *
 * @throws UsageError
 */
export function refuseDeletingElsewhere(destination: string): void {
  const path = relative(realpathSync(process.cwd()), resolvedPath(destination))
  if (path !== '' && path !== '..' && !path.startsWith(`..${sep}`) && path !== resolve(path)) return
  throw new UsageError({
    operation: 'export with mode=delete',
    subject: destination,
    expected: 'a directory below the working directory',
    advice: 'choose another destination, or say delete-anywhere=true'
  })
}

function resolvedPath(path: string): string {
  try {
    return realpathSync(path)
  } catch {
    return resolve(path) // nothing there yet: then nothing can be deleted either
  }
}
