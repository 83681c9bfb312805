import { resolve } from 'node:path'
import { isDigest } from '../blob/digest.js'
import type { CacheExport, CacheLocation } from '../build/cache-storage.js'
import { UsageError } from '../errors.js'
import { isTag } from '../image/names.js'
import { formatReference, parseReference } from '../image/reference.js'
import type { OptionsOf } from '../options/option.js'
import { parseOptions } from '../options/parse-options.js'
import type { buildFlags } from './build-flags.js'
import { cacheOptions } from './cache-options.js'
import { parseCsvRecord } from './csv.js'
import type { Caching } from './shared-caches.js'

/** What `--cache-from` and `--cache-to` ask for; null where there is no caching at all. */
export function readCaching(flags: OptionsOf<typeof buildFlags>): Caching | null {
  const from = flags.cacheFrom.filter(isOurs).map((text) => readCache('--cache-from', text))
  const to = flags.cacheTo.map((text) => readCache('--cache-to', text))
  if (flags.withoutCache) return null
  const foreign = flags.cacheFrom
    .filter((text) => !isOurs(text))
    .map((text) => `--cache-from ${text} is not used: ${NOT_OURS}`)
  return {
    from: from.map(({ location }) => location),
    to,
    mode: to.some((each) => each.mode === 'max') ? 'max' : 'min',
    insecureHosts: [...from, ...to].flatMap((each) => each.insecureHosts),
    warnings: [...foreign, ...to.flatMap((each) => each.unused)]
  }
}

/** Whether it isn't one of BuildKit's other types: what can't be read from those has to be made, and that is all. */
function isOurs(text: string): boolean {
  return !parseCsvRecord(text)?.some((field) => /^type=(?:gha|s3|azblob|inline)$/.test(field.trim()))
}

const NOT_OURS = 'caches are of type=registry or type=local'

type CacheFlag = '--cache-from' | '--cache-to'

type CacheOptions = OptionsOf<typeof cacheOptions>

interface ReadCache extends CacheExport {
  readonly insecureHosts: readonly string[]
  readonly mode: 'min' | 'max'
  readonly unused: readonly string[]
}

function readCache(flag: CacheFlag, text: string): ReadCache {
  const origin = { operation: `read ${flag}`, subject: text, owner: flag }
  const fields = parseCsvRecord(text)
  if (fields === null)
    throw new UsageError({ ...origin, expected: 'a comma-separated list', found: 'a misplaced quote' })
  // As in buildx, a single word is a name in a registry.
  const pairs = fields.length === 1 && !text.includes('=') ? [`ref=${text}`] : fields
  const options = parseOptions(cacheOptions, pairs.map(splitField), origin)
  for (const name of ALWAYS) {
    if (options[name]) continue
    const { key, help } = cacheOptions[name]
    throw new UsageError({ ...origin, expected: `${key}=true`, found: `${key}=false`, advice: help })
  }
  const location = options.type === 'local' ? localCache(flag, options) : registryCache(flag, options)
  if (location !== null) {
    const { mode, ignoreError, insecure } = options
    const insecureHosts = insecure && location.type === 'registry' ? [parseReference(location.name).domain] : []
    return { location, required: !ignoreError, insecureHosts, mode, unused: unusedOf(options) }
  }
  const wanted = options.type === 'registry' ? 'ref=NAME' : flag === '--cache-from' ? 'src=DIR' : 'dest=DIR'
  throw new UsageError({ ...origin, expected: wanted, found: 'none' })
}

/** What is one way only, and may be asked for. */
const ALWAYS = ['imageManifest', 'ociMediaTypes'] as const

function localCache(flag: CacheFlag, { source, destination, tag, digest }: CacheOptions): CacheLocation | null {
  const directory = flag === '--cache-from' ? source : destination
  if (directory === null) return null
  if (!isTag(tag)) throw badLocation(flag, `tag=${tag}`, 'a tag')
  if (digest !== null && (flag === '--cache-to' || !isDigest(digest)))
    throw badLocation(flag, `digest=${digest}`, flag === '--cache-to' ? 'no digest' : 'a digest')
  return { type: 'local', directory: resolve(directory), tag, digest }
}

function registryCache(flag: CacheFlag, { ref }: CacheOptions): CacheLocation | null {
  if (ref === null) return null
  const name = parseReference(ref)
  if (flag === '--cache-to' && name.digest !== undefined) throw badLocation(flag, ref, 'a name without a digest')
  return { type: 'registry', name: formatReference(name) }
}

function badLocation(flag: CacheFlag, found: string, expected: string): UsageError {
  return new UsageError({ operation: `read ${flag}`, subject: found, expected, found })
}

function unusedOf(options: CacheOptions): readonly string[] {
  return (['compression', 'level', 'force'] as const)
    .filter((name) => options[name] !== null)
    .map((name) => `${cacheOptions[name].key} of a cache is not used: layers are cached as the outputs have them`)
}

function splitField(field: string): { readonly key: string; readonly value: string } {
  const equals = field.indexOf('=')
  return equals < 0 ? { key: field, value: '' } : { key: field.slice(0, equals), value: field.slice(equals + 1) }
}
