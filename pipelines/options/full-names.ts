import { formatReference, parseName, parseReference } from '../../lib/image/reference.js'

/** Options with names as the stages want them: full, each once, and without a tag of ours where one would be in the way. */
export function withFullNames<O extends object>(options: O): O {
  if (!('names' in options && Array.isArray(options.names))) return options
  const parse = 'pushByDigest' in options && options.pushByDigest === true ? parseName : parseReference
  const names = options.names.map((name: string) => formatReference(parse(name)))
  return { ...options, names: [...new Set(names)] }
}
