import type { Entry } from '../diff/entry.js'
import type { ByteString } from '../streams/bytes.js'
import { Malformed, REFUSED } from './malformed.js'

/** Throws Malformed for a path that came before, unless it is a directory both times: those are merged. */
export function createDuplicateCheck(): (entry: Entry) => void {
  const directories = new Set<ByteString>()
  const others = new Set<ByteString>()
  return ({ path, type }) => {
    const isDirectory = type === 'directory'
    if (others.has(path) || (!isDirectory && directories.has(path)))
      throw new Malformed({ expected: 'every path once', found: 'one that came before', advice: REFUSED })
    if (isDirectory) directories.add(path)
    else others.add(path)
  }
}
