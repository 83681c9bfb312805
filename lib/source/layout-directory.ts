import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { readProblem } from '../diff/read-problem.js'
import { codeOf, InputError } from '../errors.js'
import type { Members } from './members.js'

/** The files of a directory as members. Fails with an InputError where there is no directory. */
export async function openLayoutDirectory(path: string, subject: string): Promise<Members> {
  const found = await statOf(path, subject)
  if (!found?.isDirectory()) {
    throw new InputError({
      operation: 'open layout',
      subject,
      expected: 'a directory',
      found: found ? 'a file' : 'nothing there',
      ...(found && { advice: 'for an archive write oci-archive: or docker-archive:' })
    })
  }
  return {
    subject,
    async find(name) {
      const file = join(path, name)
      const member = await statOf(file, subject)
      return member?.isFile() ? { file, start: 0, size: member.size } : null
    }
  }
}

/** Null where there is nothing. */
async function statOf(path: string, subject: string) {
  try {
    return await stat(path)
  } catch (cause) {
    const code = codeOf(cause)
    if (code === 'ENOENT' || code === 'ENOTDIR') return null
    throw readProblem('open layout', subject, cause)
  }
}
