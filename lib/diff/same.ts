import type { Readable } from 'node:stream'
import type { Entry, Xattrs } from './entry.js'
import type { Snapshot } from './snapshot.js'

/** The extended attributes that make a difference: `security.capability` alone, as for BuildKit, or all. */
export type ComparedXattrs = 'capability' | 'all'

/**
 * What two headers of one path say: `same`, `different`, or that only the contents can tell, because a time was cut, to
 * seconds as in a layer or to what a copy can hold, and a change since then would not show.
 */
export function compareHeaders(
  lower: Entry,
  upper: Entry,
  xattrs: ComparedXattrs
): 'same' | 'different' | 'contents decide' {
  if (lower.type !== upper.type || lower.mode !== upper.mode) return 'different'
  if (lower.uid !== upper.uid || lower.gid !== upper.gid) return 'different'
  if (lower.major !== upper.major || lower.minor !== upper.minor || lower.link !== upper.link) return 'different'
  if (!(xattrs === 'all' ? sameXattrs : sameCapability)(lower.xattrs, upper.xattrs)) return 'different'
  // A directory's time and size change with what is in it, and that is listed by itself.
  if (upper.type === 'directory') return 'same'
  if (lower.size !== upper.size) return 'different'
  const times = compareTimes(lower, upper)
  return times === 'contents decide' && upper.size === 0 ? 'same' : times
}

/** How many nanoseconds a time may be off in a directory that was written here: see `timeOf`. */
const COPY_ERROR = { since1970: 1_000, before: 1_000_000 }

function compareTimes(lower: Entry, upper: Entry): 'same' | 'different' | 'contents decide' {
  const apart = Math.abs((upper.mtime - lower.mtime) * 1e9 + upper.nanoseconds - lower.nanoseconds)
  if (apart === 0) return upper.nanoseconds === 0 ? 'contents decide' : 'same'
  const isCut = lower.mtime === upper.mtime && (lower.nanoseconds === 0 || upper.nanoseconds === 0)
  const isCopied = apart < (upper.mtime < 0 ? COPY_ERROR.before : COPY_ERROR.since1970)
  return isCut || isCopied ? 'contents decide' : 'different'
}

/** Whether two file entries, each of its own snapshot, have the same bytes. */
export async function sameContents(
  lower: { readonly snapshot: Pick<Snapshot, 'open'>; readonly entry: Entry },
  upper: { readonly snapshot: Pick<Snapshot, 'open'>; readonly entry: Entry }
): Promise<boolean> {
  const left = lower.snapshot.open(lower.entry)
  const right = upper.snapshot.open(upper.entry)
  try {
    return await sameBytes(left, right)
  } finally {
    left.destroy()
    right.destroy()
  }
}

async function sameBytes(left: Readable, right: Readable): Promise<boolean> {
  const others: AsyncIterator<Buffer> = right[Symbol.asyncIterator]()
  let rest: Buffer = Buffer.alloc(0)
  for await (const piece of left as AsyncIterable<Buffer>) {
    for (let at = 0; at < piece.length; ) {
      if (rest.length === 0) {
        const { value, done } = await others.next()
        if (done) return false
        rest = value
      }
      const length = Math.min(rest.length, piece.length - at)
      if (rest.compare(piece, at, at + length, 0, length) !== 0) return false
      rest = rest.subarray(length)
      at += length
    }
  }
  return rest.length === 0 && (await others.next()).done === true
}

function sameXattrs(lower: Xattrs | null, upper: Xattrs | null): boolean {
  if ((lower?.size ?? 0) !== (upper?.size ?? 0)) return false
  return [...(lower ?? [])].every(([name, value]) => upper?.get(name)?.equals(value))
}

function sameCapability(lower: Xattrs | null, upper: Xattrs | null): boolean {
  const left = lower?.get('security.capability')
  const right = upper?.get('security.capability')
  return left === right || (left !== undefined && right !== undefined && left.equals(right))
}
