import type { ByteString } from '../streams/bytes.js'
import { type Cursor, createCursor } from './cursor.js'
import { comparePaths, type Entry } from './entry.js'
import { type ComparedXattrs, compareHeaders, sameContents } from './same.js'
import type { Snapshot } from './snapshot.js'

/** What became of one path between two snapshots. For `deleted` the entry is the lower one's, else the upper's. */
export interface Change {
  readonly kind: 'added' | 'modified' | 'deleted' | 'unmodified'
  readonly entry: Entry
}

/**
 * Merges two snapshots in path order and says of every path what became of it; only headers are held, a batch of
 * each side. A directory that is gone, or became something else, counts as one: what was below it is not listed.
 */
export async function* compareSnapshots(
  lower: Snapshot,
  upper: Snapshot,
  xattrs: ComparedXattrs = 'capability'
): AsyncGenerator<readonly Change[]> {
  const before = createCursor(lower.walk())
  const after = createCursor(upper.walk())
  try {
    yield* merge({ before, after, lower, upper, xattrs })
  } finally {
    await before.close()
    await after.close()
  }
}

interface Sides {
  readonly before: Cursor<Entry>
  readonly after: Cursor<Entry>
  readonly lower: Snapshot
  readonly upper: Snapshot
  readonly xattrs: ComparedXattrs
}

const BATCH_CHANGES = 512

async function* merge(sides: Sides): AsyncGenerator<readonly Change[]> {
  const { before, after } = sides
  let batch: Change[] = []
  let gone: ByteString | null = null
  for (;;) {
    if (before.needsFill) await before.fill()
    if (after.needsFill) await after.fill()
    const old = before.current
    const now = after.current
    if (old === undefined && now === undefined) break
    const order = old === undefined ? 1 : now === undefined ? -1 : comparePaths(old.path, now.path)
    if (order <= 0) before.next()
    if (order >= 0) after.next()
    if (old && order < 0 && gone !== null && old.path.startsWith(gone)) continue
    if (old && order <= 0 && old.type === 'directory' && (order < 0 || now?.type !== 'directory')) gone = `${old.path}/`
    if (old && order < 0) batch.push({ kind: 'deleted', entry: old })
    else if (now && order > 0) batch.push({ kind: 'added', entry: now })
    else if (old && now) batch.push({ kind: (await isSame(sides, old, now)) ? 'unmodified' : 'modified', entry: now })
    if (batch.length < BATCH_CHANGES) continue
    yield batch
    batch = []
  }
  if (batch.length > 0) yield batch
}

async function isSame({ lower, upper, xattrs }: Sides, old: Entry, now: Entry): Promise<boolean> {
  const headers = compareHeaders(old, now, xattrs)
  if (headers !== 'contents decide') return headers === 'same'
  return sameContents({ snapshot: lower, entry: old }, { snapshot: upper, entry: now })
}
