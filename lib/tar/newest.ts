import type { Entry } from '../diff/entry.js'

/** The newest mtime of entries, in seconds, whiteouts aside, and of those before; null where there are none. */
export function newestOf(entries: Iterable<Entry>, before: number | null = null): number | null {
  let newest = before
  for (const { type, mtime } of entries) {
    const deletes = type === 'whiteout' || type === 'opaque'
    if (!deletes && (newest === null || mtime > newest)) newest = mtime
  }
  return newest
}
