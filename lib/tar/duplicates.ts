import type { Entry } from '../diff/entry.js'
import type { ByteString } from '../streams/bytes.js'
import { Malformed, REFUSED } from './malformed.js'

/**
 * Throws Malformed for a path that came before, unless it is a directory both times: those are merged. Also for more
 * than `most` paths, so that a tar of nothing but headers, which packs to little, can't fill the memory.
 */
export function createDuplicateCheck(most: number = MOST_ENTRIES): (entry: Entry) => void {
  const directories = new Set<ByteString>()
  const others = new Set<ByteString>()
  return ({ path, type }) => {
    const isDirectory = type === 'directory'
    if (others.has(path) || (!isDirectory && directories.has(path)))
      throw new Malformed({ expected: 'every path once', found: 'one that came before', advice: REFUSED })
    if (directories.size + others.size >= most && !directories.has(path))
      throw new Malformed({
        expected: `at most ${most} entries`,
        found: 'more',
        advice: 'split it into several layers'
      })
    if (isDirectory) directories.add(path)
    else others.add(path)
  }
}

/** Several times what the largest images have. */
const MOST_ENTRIES = 2 ** 22
