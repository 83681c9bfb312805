import { jsonReply, Refusal, type Reply, type Request } from './exchange.js'
import type { RegistryStorage } from './storage.js'

/** Distribution-spec, "Listing Tags". */
export async function listTags(storage: RegistryStorage, request: Request, name: string): Promise<Reply> {
  const all = await storage.repositories.tags(name)
  if (all === null) throw new Refusal(404, 'NAME_UNKNOWN', `no repository ${name}`)
  const count = request.query.get('n')
  if (count !== null && !/^\d+$/.test(count)) throw new Refusal(400, 'UNSUPPORTED', 'n is not a number')
  const last = request.query.get('last')
  const rest = last === null ? all : all.filter((tag) => tag > last)
  const page = count === null ? rest : rest.slice(0, Number(count))
  const next = page.at(-1)
  const more = next !== undefined && page.length < rest.length
  return jsonReply(200, { name, tags: page }, more ? linkTo(name, Number(count), next) : {})
}

function linkTo(name: string, count: number, last: string): Record<string, string> {
  return { Link: `</v2/${name}/tags/list?n=${count}&last=${encodeURIComponent(last)}>; rel="next"` }
}
