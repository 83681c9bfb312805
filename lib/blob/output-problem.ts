import { codeOf, errorOf, OutputError } from '../errors.js'

/** A failed write in words: what went wrong for `subject`, and what to do about it. Other errors pass as they are. */
export function outputProblem(operation: string, subject: string, error: unknown): Error {
  const known = problems[codeOf(error) ?? '']
  if (known) return new OutputError({ operation, subject, ...known, cause: error })
  return errorOf(error)
}

/** As `outputProblem`, of a file that lies where temporary files do. */
export function temporaryProblem(path: string, error: unknown): Error {
  const problem = outputProblem('write temporary file', path, error)
  if (!(problem instanceof OutputError) || problem === error) return problem
  const advice = 'free space there, or set TMPDIR to a directory that has some'
  return new OutputError({ ...problem.problem, advice })
}

/** Runs file-system work, with its failures in words. */
export async function writing<T>(operation: string, subject: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    throw outputProblem(operation, subject, error)
  }
}

interface Known {
  readonly found: string
  readonly advice: string
}

const problems: Readonly<Record<string, Known>> = {
  ENOSPC: { found: 'no space left on the device', advice: 'free some space or choose another destination' },
  EDQUOT: { found: 'the disk quota is used up', advice: 'free some space or choose another destination' },
  EFBIG: { found: 'a file too large for this file system', advice: 'choose a destination on another file system' },
  EACCES: { found: 'no permission to write there', advice: 'choose another destination or change its permissions' },
  EPERM: { found: 'an operation that is not permitted', advice: 'choose another destination or run as its owner' },
  // Node reports a directory that it can't make on a full disk like this, too.
  ENOENT: { found: 'a directory that could not be made, or is gone', advice: 'check space and permissions there' },
  EROFS: { found: 'a read-only file system', advice: 'choose a destination that can be written' },
  ENOTDIR: { found: 'a file where a directory is needed', advice: 'remove the file or choose another destination' },
  EISDIR: { found: 'a directory where a file is needed', advice: 'name a file inside it, or remove it' },
  ENAMETOOLONG: { found: 'a name too long for this file system', advice: 'choose a shorter one' },
  EXDEV: { found: 'another file system mounted inside it', advice: 'unmount it or choose another destination' },
  EPIPE: { found: 'a pipe that nobody reads any more', advice: 'check the program that reads it' },
  EIO: { found: 'an input/output error of the device', advice: 'check the disk' }
}
