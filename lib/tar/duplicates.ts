import type { Entry } from '../diff/entry.js'
import { createPathLimit } from '../diff/path-limit.js'
import type { ByteString } from '../streams/bytes.js'
import { Malformed, REFUSED } from './malformed.js'

/**
 * Throws Malformed for a path that came before, unless it is a directory both times: those are merged. Also for more
 * paths than a PathLimit of `most` allows.
 */
export function createDuplicateCheck(most?: number): (entry: Entry) => void {
  const limit = createPathLimit(most)
  const directories = new Set<ByteString>()
  const others = new Set<ByteString>()
  return ({ path, type }) => {
    const isDirectory = type === 'directory'
    if (others.has(path) || (!isDirectory && directories.has(path)))
      throw new Malformed({ expected: 'every path once', found: 'one that came before', advice: REFUSED })
    const expected = directories.has(path) ? null : limit.exceededBy(path)
    if (expected !== null) throw new Malformed({ expected, found: 'more', advice: 'split it into several layers' })
    if (isDirectory) directories.add(path)
    else others.add(path)
  }
}
