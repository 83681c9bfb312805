/** The last second that RFC 3339 can spell: the end of the year 9999. */
const LATEST = 253_402_300_799

/** Files that lie together mostly have one time, which is spelled once. */
let last = { seconds: 0, text: '1970-01-01T00:00:00Z' }

/** Seconds since 1970 as RFC 3339 in UTC, without a fraction; null where there are none, or no spelling for them. */
export function formatTime(seconds: number | null): string | null {
  if (seconds === null || seconds > LATEST || seconds < -62_135_596_800) return null
  if (seconds !== last.seconds) last = { seconds, text: new Date(seconds * 1000).toISOString().replace('.000Z', 'Z') }
  return last.text
}
