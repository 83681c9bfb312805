import { baseOf, type Entry } from '../diff/entry.js'
import type { ByteString } from '../streams/bytes.js'
import { entryProblem } from './entry-problem.js'

/** Longer paths are out of reach for most programs (limits.h, PATH_MAX), and deeper ones than it allows for us. */
const PATH_BYTES = 4096

/** The last component of an entry's path, as a name that can't lead anywhere else. */
export function checkedName(entry: Entry): ByteString {
  const name = baseOf(entry.path)
  if (name !== '' && name !== '.' && name !== '..' && !name.includes('\0')) return name
  throw entryProblem(entry, {
    expected: 'a path below the root, without empty components, ".", ".." and NUL',
    found: JSON.stringify(name)
  })
}

/** @throws InputError */
export function checkLength(entry: Entry): void {
  const { length } = entry.path
  if (length >= PATH_BYTES)
    throw entryProblem(entry, { expected: `a path below ${PATH_BYTES} bytes`, found: `${length}` })
}
