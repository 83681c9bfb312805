import { jsonReply, type Reply, type Request } from './exchange.js'
import { pageOf } from './page.js'
import type { RegistryStorage } from './storage.js'

/** All repositories: no part of the specification, but what clients ask for, page by page as tags. */
export async function listRepositories(storage: RegistryStorage, request: Request): Promise<Reply> {
  const { names, headers } = pageOf(await storage.repositories.names(), request)
  return jsonReply(200, { repositories: names }, headers)
}
