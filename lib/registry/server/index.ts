import { join } from 'node:path'
import type { Store } from '../../blob/store.js'
import { registryBeside } from './collect.js'
import { createContentPool } from './content-pool.js'
import { createRepositories } from './repositories.js'
import type { RegistryStorage } from './storage.js'
import { withStoreImages } from './store-images.js'
import { createUploadSessions } from './upload-sessions.js'

export type { Handler, Quirk, Reply, Request } from './exchange.js'
export { type RegistryOptions, type RegistryServer, startRegistry } from './server.js'
export type { RegistryStorage } from './storage.js'

/** Keeps a registry in a directory: contents as an OCI layout has them, the rest beside them. */
export function createRegistryStorage(directory: string): RegistryStorage {
  const contents = createContentPool(directory)
  const repositories = createRepositories(join(directory, 'repositories'))
  const uploads = createUploadSessions(join(directory, 'uploads'), { contents, repositories })
  return { contents, repositories, uploads }
}

/** Keeps a registry beside an image store, whose images it has as well. */
export function createStoreStorage(store: Store): RegistryStorage {
  const own = createRegistryStorage(registryBeside(store))
  return { ...own, repositories: withStoreImages(store, own.repositories, own.contents) }
}
