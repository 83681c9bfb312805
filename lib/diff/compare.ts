import type { ByteString } from '../streams/bytes.js'
import { type Cursor, createCursor } from './cursor.js'
import { digestContents } from './digest-contents.js'
import { comparePaths, type Entry } from './entry.js'
import { type ComparedXattrs, compareHeaders } from './same.js'
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
  let batch: (Change | Pending)[] = []
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
    else if (old && now) batch.push({ kind: verdictOf(old, now, sides.xattrs), entry: now, before: old })
    if (batch.length < BATCH_CHANGES) continue
    yield await decide(batch, sides)
    batch = []
  }
  if (batch.length > 0) yield await decide(batch, sides)
}

/** A path that both have, of which perhaps only the contents tell what became of it. */
interface Pending {
  readonly kind: 'unmodified' | 'modified' | 'contents decide'
  readonly entry: Entry
  readonly before: Entry
}

const VERDICTS = { same: 'unmodified', different: 'modified', 'contents decide': 'contents decide' } as const

function verdictOf(old: Entry, now: Entry, xattrs: ComparedXattrs): Pending['kind'] {
  return VERDICTS[compareHeaders(old, now, xattrs)]
}

/** All contents of a batch in one go each: for small files a stream would cost more than they do. */
async function decide(batch: readonly (Change | Pending)[], { lower, upper }: Sides): Promise<readonly Change[]> {
  const pending = batch.flatMap((each) => (each.kind === 'contents decide' ? [each] : []))
  const [before, after] = await Promise.all([
    digestContents(
      lower,
      pending.map((each) => each.before)
    ),
    digestContents(
      upper,
      pending.map(({ entry }) => entry)
    )
  ])
  let at = 0
  return batch.map(({ kind, entry }): Change => {
    if (kind !== 'contents decide') return { kind, entry }
    const isSame = before[at] === after[at]
    at += 1
    return { kind: isSame ? 'unmodified' : 'modified', entry }
  })
}
