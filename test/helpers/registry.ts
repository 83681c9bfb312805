import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Test } from 'tap'
import {
  createRegistryStorage,
  type RegistryOptions,
  type RegistryServer,
  startRegistry
} from '../../lib/registry/server/index.js'

export interface TestRegistry extends RegistryServer {
  /** Where it keeps its contents. */
  readonly directory: string
}

/** The embedded registry on a free port over a fresh directory; ends with the test. */
export async function startTestRegistry(
  t: Test,
  options: Omit<RegistryOptions, 'storage'> & { readonly directory?: string } = {}
): Promise<TestRegistry> {
  const directory = options.directory ?? (await temporaryDirectory(t))
  const server = await startRegistry({ ...options, storage: createRegistryStorage(directory) })
  t.teardown(() => server.close())
  return { ...server, directory }
}

/** A registry synchronises every file: in memory that costs nothing. */
const MEMORY = '/dev/shm'

/** A fresh directory that is removed when the test ends. */
export async function temporaryDirectory(t: Test): Promise<string> {
  const directory = await mkdtemp(join(existsSync(MEMORY) ? MEMORY : tmpdir(), 'layerpipe-test-'))
  t.teardown(() => rm(directory, { recursive: true, force: true }))
  return directory
}
