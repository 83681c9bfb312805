import { jsonReply, Refusal, type Reply, type Request } from './exchange.js'
import { pageOf } from './page.js'
import type { RegistryStorage } from './storage.js'

/** Distribution-spec, "Listing Tags". */
export async function listTags(storage: RegistryStorage, request: Request, name: string): Promise<Reply> {
  const all = await storage.repositories.tags(name)
  if (all === null) throw new Refusal(404, 'NAME_UNKNOWN', `no repository ${name}`)
  const { names, headers } = pageOf(all, request)
  return jsonReply(200, { name, tags: names }, headers)
}
