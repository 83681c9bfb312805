import { readFile, rename, rm, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { type Collected, type StoredFile, storedFiles } from '../../blob/collect.js'
import { type Digest, isDigest } from '../../blob/digest.js'
import { createPendingName, removeLeftovers } from '../../blob/pending-name.js'
import { reachable } from '../../blob/reachable.js'
import type { Store } from '../../blob/store.js'
import { findRepositories, listDirectory } from './find-repositories.js'
import { pathOfFact } from './repositories.js'

/** Where `layerpipe serve` keeps what is pushed to it: beside the images of its store. */
export function registryBeside({ directory }: Pick<Store, 'directory'>): string {
  return join(directory, 'registry')
}

/** Where a registry keeps things, as `createRegistryStorage` lays them out. */
interface RegistryDirectory {
  readonly root: string
  readonly repositories: string
}

/**
 * Removes the blobs of a registry that no manifest of their repository refers to, and that nobody has pushed or asked
 * for during `grace`, in milliseconds; then the bytes that no repository shows any more. Servers may run meanwhile, in
 * this process or in others: what is to go is first taken aside, and put back if somebody has come to want it.
 */
export async function collectRegistry(root: string, grace = PATIENCE): Promise<Collected> {
  const registry = { root, repositories: join(root, 'repositories') }
  const oldest = Date.now() - grace
  const files = await storedFiles(root)
  const shown = new Set<Digest>()
  const repositories = await findRepositories(registry.repositories)
  for (const repository of repositories) {
    for (const digest of await hideUnused(registry, repository, oldest)) shown.add(digest)
  }
  const dead: StoredFile[] = []
  for (const file of files) {
    if (shown.has(file.digest) || file.mtimeMs > oldest) continue
    if (await removeUnless(file.path, () => isShown(registry, repositories, file.digest))) dead.push(file)
  }
  for (const algorithm of ALGORITHMS) await removeLeftovers(join(root, 'blobs', algorithm)).catch(() => {})
  const bytes = dead.reduce((sum, { size }) => sum + size, 0)
  return { removed: dead.length, bytes, kept: files.length - dead.length }
}

/** Takes from a repository what its manifests don't refer to and nobody has wanted lately. Gives what it still shows. */
async function hideUnused(registry: RegistryDirectory, repository: string, oldest: number): Promise<readonly Digest[]> {
  const blobs = await listFacts(registry, repository, '_blobs')
  const manifests = await listFacts(registry, repository, '_manifests')
  const used = await reachable(
    manifests.map((digest) => ({ digest })),
    (digest, limit) => readContent(registry, digest, limit)
  )
  const shown = [...manifests, ...used.keys()]
  for (const digest of blobs.filter((each) => !used.has(each))) {
    const path = pathOfFact(registry.repositories, repository, '_blobs', digest)
    const removed = await removeUnless(path, async (place) => (await stat(place)).mtimeMs > oldest)
    if (!removed) shown.push(digest)
  }
  return shown
}

/** Whoever wants a file either finds it gone, or has left a trace by then that `isWanted` sees. True if it is removed. */
async function removeUnless(path: string, isWanted: (place: string) => Promise<boolean>): Promise<boolean> {
  const aside = join(dirname(path), createPendingName())
  try {
    if (await isWanted(path)) return false
    await rename(path, aside)
  } catch {
    return false // somebody else has removed it
  }
  const wanted = await isWanted(aside)
  await (wanted ? rename(aside, path) : rm(aside))
  return !wanted
}

async function isShown(registry: RegistryDirectory, before: readonly string[], digest: Digest): Promise<boolean> {
  const now = await findRepositories(registry.repositories)
  for (const repository of new Set([...before, ...now])) {
    for (const kind of ['_blobs', '_manifests'] as const) {
      if (await stat(pathOfFact(registry.repositories, repository, kind, digest)).catch(() => null)) return true
    }
  }
  return false
}

async function readContent({ root }: RegistryDirectory, digest: Digest, limit: number): Promise<Buffer | null> {
  const path = join(root, 'blobs', ...digest.split(':'))
  const found = await stat(path).catch(() => null)
  return found && found.size <= limit ? readFile(path) : null
}

async function listFacts(
  { repositories }: RegistryDirectory,
  repository: string,
  kind: '_blobs' | '_manifests'
): Promise<readonly Digest[]> {
  const found: Digest[] = []
  for (const algorithm of ALGORITHMS) {
    for (const { name } of await listDirectory(join(repositories, repository, kind, algorithm))) {
      const digest = `${algorithm}:${name}`
      if (isDigest(digest)) found.push(digest)
    }
  }
  return found
}

const ALGORITHMS = ['sha256', 'sha512'] as const
/** A day: from the first blob of an image that somebody pushes to its manifest. Clients give up uploads after as long. */
const PATIENCE = 24 * 60 * 60 * 1000
