import type { ByteRange } from '../blob/blob.js'
import { parentOf } from '../diff/entry.js'
import type { ByteString } from '../streams/bytes.js'
import type { TarMark } from '../tar/block.js'
import { paddingOf } from '../tar/header.js'

/** Where the entries of a layer tar lie, by their paths. */
export interface EntryRanges {
  add(marks: readonly TarMark[]): void
  /**
   * The ranges of these entries, in this order, each once and behind what it needs: the directories that it is in, and
   * of a hard link the entry that it shares. A path that is not there is passed over.
   */
  inOrder(paths: readonly ByteString[]): readonly ByteRange[]
  has(path: ByteString): boolean
}

interface Place extends ByteRange {
  /** What a hard link needs. */
  readonly link: ByteString | null
}

export function createEntryRanges(): EntryRanges {
  const places = new Map<ByteString, Place>()
  return {
    has: (path) => places.has(path),
    add(marks) {
      for (const { entry, header, body } of marks) {
        const link = entry.type === 'hardlink' ? entry.link : null
        const end = body + entry.size + paddingOf(entry.size)
        if (!DELETIONS.has(entry.type) && !places.has(entry.path)) places.set(entry.path, { start: header, end, link })
      }
    },
    inOrder(paths) {
      const chosen = new Map<ByteString, ByteRange>()
      for (const path of paths) {
        for (const needed of needs(path, places)) {
          const place = places.get(needed)
          if (place && !chosen.has(needed)) chosen.set(needed, place)
        }
      }
      return [...chosen.values()]
    }
  }
}

/** They delete what lower layers have, and are not what their paths name. */
const DELETIONS: ReadonlySet<string> = new Set(['whiteout', 'opaque'])

/** The path behind all that it needs. */
function needs(path: ByteString, places: ReadonlyMap<ByteString, Place>): readonly ByteString[] {
  const shared = new Set<ByteString>()
  for (let at: ByteString | null = path; at !== null && !shared.has(at); at = places.get(at)?.link ?? null) {
    shared.add(at)
  }
  return [...shared].reverse().flatMap((each) => [...directoriesOf(each), each])
}

function directoriesOf(path: ByteString): readonly ByteString[] {
  const directories: ByteString[] = []
  for (let at = parentOf(path); at !== ''; at = parentOf(at)) directories.push(at)
  return directories.reverse()
}
