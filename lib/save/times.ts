import type { Entry } from '../diff/entry.js'

/**
 * An entry's mtime as Node's `utimes` takes it, so that as much of it arrives as can.
 *
 * Node hands libuv a double of seconds: the nanoseconds of a time of today are up to 120 off (after 2038, 240). The libuv of Node 20 cuts
 * to microseconds besides, and a double just below one would lose it: then the next double is taken. Before 1970 Node
 * takes only a Date, of milliseconds.
 */
export function timeOf({ mtime, nanoseconds }: Pick<Entry, 'mtime' | 'nanoseconds'>): number | Date {
  if (mtime < 0) return new Date(mtime * 1000 + Math.floor(nanoseconds / 1e6))
  const nearest = mtime + nanoseconds / 1e9
  const microseconds = Math.floor(Math.trunc((nearest - mtime) * 1e9) / 1000)
  return microseconds < Math.floor(nanoseconds / 1000) ? nearest + spacingAt(nearest) : nearest
}

/** The distance to the next double. */
function spacingAt(value: number): number {
  return 2 ** (Math.floor(Math.log2(Math.max(value, 1))) - 52)
}
