import type { ByteString } from '../streams/bytes.js'
import { comparePaths, type Entry } from './entry.js'

/** An entry with the digest of its body; null for what has none. */
export interface DigestedEntry {
  readonly entry: Entry
  readonly content: string | null
}

/** What differs at one path between two file systems. */
export interface TreeDifference {
  readonly path: ByteString
  readonly kind: 'added' | 'changed' | 'deleted'
  /** Bytes before and after; 0 where there is nothing. */
  readonly before: number
  readonly after: number
  /** Of a change: what is not the same. Times are not looked at. */
  readonly aspects: readonly Aspect[]
}

export type Aspect = 'type' | 'content' | 'target' | 'mode' | 'owner' | 'device' | 'attributes'

/** Compares two whole file systems, by contents and not by times. In path order. */
export function compareTrees(
  before: readonly DigestedEntry[],
  after: readonly DigestedEntry[]
): readonly TreeDifference[] {
  const left = byPath(before)
  const right = byPath(after)
  const paths = [...new Set([...left.keys(), ...right.keys()])].sort(comparePaths)
  return paths.flatMap((path) => {
    const [old, now] = [left.get(path), right.get(path)]
    if (old && now) return changed(path, old, now)
    const sizes = { before: old?.entry.size ?? 0, after: now?.entry.size ?? 0 }
    return [{ path, kind: now ? 'added' : 'deleted', ...sizes, aspects: [] } as const]
  })
}

/** A hard link has the body of what it links to. */
function byPath(entries: readonly DigestedEntry[]): ReadonlyMap<ByteString, DigestedEntry> {
  const found = new Map(entries.map((each) => [each.entry.path, each]))
  for (const { entry } of entries) {
    const target = entry.type === 'hardlink' ? found.get(entry.link) : undefined
    if (target)
      found.set(entry.path, { entry: { ...target.entry, path: entry.path, size: 0 }, content: target.content })
  }
  return found
}

function changed(path: ByteString, old: DigestedEntry, now: DigestedEntry): readonly TreeDifference[] {
  const differs: Readonly<Record<Aspect, boolean>> = {
    type: old.entry.type !== now.entry.type,
    content: old.content !== now.content,
    target: old.entry.link !== now.entry.link,
    mode: old.entry.mode !== now.entry.mode,
    owner: old.entry.uid !== now.entry.uid || old.entry.gid !== now.entry.gid,
    device: old.entry.major !== now.entry.major || old.entry.minor !== now.entry.minor,
    attributes: attributesOf(old.entry) !== attributesOf(now.entry)
  }
  const aspects = ASPECTS.filter((aspect) => differs[aspect])
  if (aspects.length === 0) return []
  return [{ path, kind: 'changed', before: old.entry.size, after: now.entry.size, aspects }]
}

function attributesOf({ xattrs }: Entry): string {
  const pairs = [...(xattrs ?? [])].map(([name, value]) => [name, value.toString('base64')])
  return JSON.stringify(pairs.sort())
}

const ASPECTS = ['type', 'content', 'target', 'mode', 'owner', 'device', 'attributes'] as const
