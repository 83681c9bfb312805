/** What of an entry a file system, or the rights of this user, could not hold. */
export type Omission = 'owner' | 'xattr' | 'device' | 'mknod'

/** Counts what could not be kept, so that it is said once per kind and not once per entry. */
export interface Omissions {
  add(kind: Omission): void
  has(kind: Omission): boolean
  /** A sentence per kind. */
  notes(): readonly string[]
}

export function createOmissions(): Omissions {
  const counts = new Map<Omission, number>()
  return {
    add: (kind) => void counts.set(kind, (counts.get(kind) ?? 0) + 1),
    has: (kind) => counts.has(kind),
    notes: () => [...counts].map(([kind, count]) => `${sentences[kind]}: ${count}`)
  }
}

const sentences: Readonly<Record<Omission, string>> = {
  owner: 'entries that belong to you instead of their owner, because only root can give them away',
  xattr: 'extended attributes that this user may not set or this file system cannot hold',
  device: 'device nodes left out, because only root can make them',
  mknod: 'device nodes and fifos left out, because the program mknod is not installed'
}
