import { Refusal, type Request } from './exchange.js'

/** Some of a list's names, and the headers that say where to ask for more. */
export interface Page {
  readonly names: readonly string[]
  readonly headers: Readonly<Record<string, string>>
}

/** The page that `n` and `last` ask for (distribution-spec, "Listing Tags"). `all` is in byte order. */
export function pageOf(all: readonly string[], { query, path }: Request): Page {
  const count = query.get('n')
  if (count !== null && !/^\d+$/.test(count)) throw new Refusal(400, 'UNSUPPORTED', 'n is not a number')
  const last = query.get('last')
  const rest = last === null ? all : all.filter((name) => name > last)
  const names = count === null ? rest : rest.slice(0, Number(count))
  const next = names.at(-1)
  if (next === undefined || names.length === rest.length) return { names, headers: {} }
  return { names, headers: { Link: `<${path}?n=${count}&last=${encodeURIComponent(next)}>; rel="next"` } }
}
