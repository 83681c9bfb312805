import type { ByteString } from '../streams/bytes.js'

/** Counts the extended attributes that a layer does not keep, so that it is said once per kind and not once per entry. */
export interface DroppedXattrs {
  add(name: ByteString): void
  /** Says what was added. A layer that is made a second time says nothing more. */
  report(): void
}

export function createDroppedXattrs(note: (message: string) => void): DroppedXattrs {
  const counts = new Map<string, number>()
  let reported = false
  return {
    add(name) {
      const kind = kindOf(name)
      counts.set(kind, (counts.get(kind) ?? 0) + 1)
    },
    report() {
      if (reported) return
      reported = true
      for (const [kind, count] of counts)
        note(`extended attributes ${kind} left out, which xattrs=all would keep: ${count}`)
    }
  }
}

/** By their namespace (xattr(7)), of which there are few; names there may be as many as files. */
function kindOf(name: ByteString): string {
  const namespace = NAMESPACES.find((each) => name.startsWith(`${each}.`))
  return namespace === undefined ? 'of no known namespace' : `${namespace}.*`
}

const NAMESPACES = ['user', 'trusted', 'security', 'system'] as const
