import { readSmall, storedFiles } from './collect.js'
import type { Digest } from './digest.js'
import { reachable } from './reachable.js'
import type { StoreLayout } from './store-layout.js'

/** What a verification found. */
export interface VerifyReport {
  /** Blobs that were read. */
  readonly checked: number
  readonly bytes: number
  /** Blobs whose bytes are not those of their digest. */
  readonly damaged: readonly Digest[]
  /** Blobs that an image needs and that are not there. */
  readonly missing: readonly Digest[]
}

/** Reads every blob, whatever is known of it, and looks for those that images need. Changes nothing. */
export async function verifyStore(store: StoreLayout, onBytes: (bytes: number) => void): Promise<VerifyReport> {
  const files = await storedFiles(store.root)
  const damaged: Digest[] = []
  for (const { digest, path, size } of files) {
    if (!(await store.verified.reads(path, digest))) damaged.push(digest)
    onBytes(size)
  }
  const bytes = files.reduce((sum, { size }) => sum + size, 0)
  return {
    checked: files.length,
    bytes,
    damaged,
    missing: await missingBlobs(
      store,
      files.map(({ digest }) => digest),
      damaged
    )
  }
}

/** A damaged document is reported as damaged; what it referred to is not known. */
async function missingBlobs(
  store: StoreLayout,
  present: readonly Digest[],
  damaged: readonly Digest[]
): Promise<readonly Digest[]> {
  const read = readSmall(store)
  const needed = await reachable(await store.index.read(), async (digest, limit) =>
    damaged.includes(digest) ? null : read(digest, limit)
  )
  const there = new Set(present)
  return [...needed].flatMap(([digest, { optional }]) => (optional || there.has(digest) ? [] : [digest]))
}
