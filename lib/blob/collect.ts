import { readdir, readFile, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { hasStore } from './check-store.js'
import { type Digest, isDigest } from './digest.js'
import { makeDirectory } from './make-directory.js'
import { writing } from './output-problem.js'
import { removeLeftovers } from './pending-name.js'
import { type ReadSmall, reachable } from './reachable.js'
import type { StoreLayout } from './store-layout.js'

/** What a collection did. */
export interface Collected {
  /** Blobs. */
  readonly removed: number
  readonly bytes: number
  /** Blobs that stay. */
  readonly kept: number
}

/** What a collection spares of that which no name leads to. */
export interface CollectionLimits {
  /** Blobs that were added or of use less than so many milliseconds ago. Default 0. */
  readonly grace?: number
  /** As many bytes as the whole store may have: what was of use last stays. Default null: none. */
  readonly keep?: number | null
}

export interface StoredFile {
  readonly digest: Digest
  readonly path: string
  readonly size: number
  readonly mtimeMs: number
}

/**
 * Removes the blobs that no name leads to, no lease holds, and no limit spares, the least recently used first. Nobody
 * changes names, or takes what is there into a lease, meanwhile. Throws InputError where there is no store.
 *
 * The order matters to those who write blobs meanwhile: they note the digest first, then write the blob. Whatever is
 * among the files listed here is therefore also among the leases, which are read after that.
 */
export async function collect(store: StoreLayout, limits: CollectionLimits): Promise<Collected> {
  if (!(await hasStore(store))) return { removed: 0, bytes: 0, kept: 0 }
  return store.index.exclusively(async () => {
    const files = await storedFiles(store.root)
    const held = await store.leases.held()
    const marked = await reachable(await store.index.read(), readSmall(store))
    const uses = await store.records.lastUses()
    const unneeded = files.filter(({ digest }) => !held.has(digest) && !marked.has(digest))
    const dead = selectDead(
      sizeOf(files),
      unneeded.map((file) => withLastUse(file, uses)),
      limits
    )
    for (const { digest, path } of dead) {
      await writing('remove blob', path, () => rm(path, { force: true }))
      await store.verified.forget(digest)
    }
    await tidy(store, files, new Set(dead.map(({ digest }) => digest)))
    return { removed: dead.length, bytes: sizeOf(dead), kept: files.length - dead.length }
  })
}

interface UsedFile extends StoredFile {
  /** When it was added or last of use, in milliseconds since 1970. */
  readonly lastUse: number
}

function withLastUse(file: StoredFile, uses: ReadonlyMap<Digest, number>): UsedFile {
  return { ...file, lastUse: Math.max(file.mtimeMs, uses.get(file.digest) ?? 0) }
}

/** The files to remove of those that nothing needs, out of a store of so many bytes. */
function selectDead(
  total: number,
  unneeded: readonly UsedFile[],
  { grace = 0, keep = null }: CollectionLimits
): readonly UsedFile[] {
  const newest = Date.now() - grace
  const old = unneeded.filter(({ lastUse }) => lastUse <= newest).sort((a, b) => a.lastUse - b.lastUse)
  if (keep === null) return old
  let rest = total
  return old.filter(({ size }) => {
    const isOver = rest > keep
    if (isOver) rest -= size
    return isOver
  })
}

function sizeOf(files: readonly StoredFile[]): number {
  return files.reduce((sum, { size }) => sum + size, 0)
}

async function tidy(store: StoreLayout, files: readonly StoredFile[], dead: ReadonlySet<Digest>): Promise<void> {
  const there = new Set(files.map(({ digest }) => digest).filter((digest) => !dead.has(digest)))
  await store.records.prune((digest) => there.has(digest))
  await makeDirectory(store.ingest)
  await removeLeftovers(store.ingest)
}

/** All blobs of a layout, whether something refers to them or not. */
export async function storedFiles(root: string): Promise<readonly StoredFile[]> {
  const files: StoredFile[] = []
  for (const algorithm of ['sha256', 'sha512']) {
    const directory = join(root, 'blobs', algorithm)
    for (const name of await readdir(directory).catch(() => [])) {
      const digest = `${algorithm}:${name}`
      const found = isDigest(digest) && (await stat(join(directory, name)).catch(() => null))
      if (isDigest(digest) && found)
        files.push({ digest, path: join(directory, name), size: found.size, mtimeMs: found.mtimeMs })
    }
  }
  return files
}

/** Reads blobs of a store that are small enough to be documents. */
export function readSmall(store: StoreLayout): ReadSmall {
  return async (digest, limit) => {
    const size = await store.blobs.size(digest)
    return size === null || size > limit ? null : readFile(store.blobs.pathOf(digest))
  }
}
