import { join } from 'node:path'
import { createContentPool } from './content-pool.js'
import { createRepositories } from './repositories.js'
import type { RegistryStorage } from './storage.js'
import { createUploadSessions } from './upload-sessions.js'

export type { Handler, Quirk, Reply, Request } from './exchange.js'
export { type RegistryOptions, type RegistryServer, startRegistry } from './server.js'
export type { RegistryStorage } from './storage.js'

/** Keeps a registry in a directory: contents as an OCI layout has them, the rest under `registry/`. */
export function createRegistryStorage(directory: string): RegistryStorage {
  const contents = createContentPool(directory)
  const repositories = createRepositories(join(directory, 'registry', 'repositories'))
  const uploads = createUploadSessions(join(directory, 'registry', 'uploads'), { contents, repositories })
  return { contents, repositories, uploads }
}
