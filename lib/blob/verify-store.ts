import { readSmall, type StoredFile, storedFiles } from './collect.js'
import type { Digest } from './digest.js'
import { reachable } from './reachable.js'
import type { StoreLayout } from './store-layout.js'
import type { VerifiedFiles } from './verified.js'

/** What a verification of files found. */
export interface VerifiedBlobs {
  /** Blobs that were read. */
  readonly checked: number
  readonly bytes: number
  /** Blobs whose bytes are not those of their digest. */
  readonly damaged: readonly Digest[]
}

/** What a verification of a store found. */
export interface VerifyReport extends VerifiedBlobs {
  /** Blobs that an image needs and that are not there. */
  readonly missing: readonly Digest[]
}

/** Reads every blob, whatever is known of it, and looks for those that images need. Changes nothing. */
export async function verifyStore(store: StoreLayout, onBytes: (bytes: number) => void): Promise<VerifyReport> {
  const files = await storedFiles(store.root)
  const found = await verifyFiles(files, store.verified, onBytes)
  const present = files.map(({ digest }) => digest)
  return { ...found, missing: await missingBlobs(store, present, found.damaged) }
}

/** Reads every file. Changes nothing. */
export async function verifyFiles(
  files: readonly StoredFile[],
  verified: VerifiedFiles,
  onBytes: (bytes: number) => void = () => {}
): Promise<VerifiedBlobs> {
  const damaged: Digest[] = []
  for (const { digest, path, size } of files) {
    if (!(await verified.reads(path, digest))) damaged.push(digest)
    onBytes(size)
  }
  return { checked: files.length, bytes: files.reduce((sum, { size }) => sum + size, 0), damaged }
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
