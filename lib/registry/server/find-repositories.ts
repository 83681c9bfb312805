import type { Dirent } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'

/** Names of the repositories below `directory`: directories that have one with an underscore, at any depth. */
export async function findRepositories(directory: string, name = ''): Promise<readonly string[]> {
  const entries = (await listDirectory(join(directory, name))).filter((entry) => entry.isDirectory())
  const below = entries.filter((entry) => !entry.name.startsWith('_'))
  const deeper = await Promise.all(below.map((entry) => findRepositories(directory, join(name, entry.name))))
  return [...(below.length < entries.length ? [name] : []), ...deeper.flat()]
}

/** Empty where there is no such directory. */
export function listDirectory(directory: string): Promise<readonly Dirent[]> {
  return readdir(directory, { withFileTypes: true }).catch(() => [])
}
