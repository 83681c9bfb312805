import { baseOf, type Entry } from '../diff/entry.js'
import type { ByteString } from '../streams/bytes.js'
import { entryProblem } from './entry-problem.js'

/** The last component of an entry's path, as a name that can't lead anywhere else. */
export function checkedName(entry: Entry): ByteString {
  const name = baseOf(entry.path)
  if (name !== '' && name !== '.' && name !== '..' && !name.includes('\0')) return name
  throw entryProblem(entry, {
    expected: 'a path below the root, without empty components, ".", ".." and NUL',
    found: JSON.stringify(name)
  })
}
