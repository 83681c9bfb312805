import { type ByteString, bufferOf } from '../streams/bytes.js'
import type { Entry } from './entry.js'

const HALF_SECOND = 500_000_000

/**
 * A header in one line. No field can hold a zero byte, so the line can be read in one way only. A layer's times are
 * whole seconds: of the rest only counts which second is nearer.
 */
export function headerLine(entry: Entry): string {
  const { path, type, mode, uid, gid, size, mtime, nanoseconds, link, major, minor, xattrs } = entry
  const attributes =
    xattrs === null ? '' : [...xattrs].map(([name, value]) => `${hexOf(name)}=${value.toString('hex')}`).join()
  const half = nanoseconds < HALF_SECOND ? 0 : 1
  return [path, type, mode, uid, gid, size, mtime, half, link, major, minor, attributes].join('\0')
}

/** A name may hold what stands between two. */
function hexOf(name: ByteString): string {
  return bufferOf(name).toString('hex')
}
