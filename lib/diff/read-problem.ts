import { codeOf, InputError } from '../errors.js'
import { shortened } from '../streams/bytes.js'

/** A failed read of a file or a directory in words: what is wrong with `subject`, and what to do about it. */
export function readProblem(operation: string, subject: string, cause: unknown): InputError {
  const known = problems[codeOf(cause) ?? '']
  return new InputError({ operation, subject: shortened(subject), ...known, cause })
}

interface Known {
  readonly found: string
  readonly advice: string
}

const problems: Readonly<Record<string, Known>> = {
  ENOENT: { found: 'nothing at that path', advice: 'check the path' },
  ENOTDIR: { found: 'a file where a directory is needed', advice: 'check the path' },
  EISDIR: { found: 'a directory where a file is needed', advice: 'check the path' },
  EACCES: { found: 'no permission to read there', advice: 'run as a user who has it, or change its permissions' },
  EPERM: { found: 'an operation that is not permitted', advice: 'run as its owner' },
  ELOOP: { found: 'a symbolic link where a file was, or too many in a row', advice: 'check where it leads' },
  ENAMETOOLONG: { found: 'a path too long for the system', advice: 'move what is there further up' },
  EMFILE: { found: 'more open files than the system allows', advice: 'allow more with ulimit -n' },
  EIO: { found: 'an input/output error of the device', advice: 'check the disk' }
}
