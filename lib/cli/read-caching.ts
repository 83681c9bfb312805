import { resolve } from 'node:path'
import { isDigest } from '../blob/digest.js'
import type { CacheLocation } from '../build/cache-storage.js'
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
  const from = flags.cacheFrom.map((text) => readCache('--cache-from', text))
  const to = flags.cacheTo.map((text) => readCache('--cache-to', text))
  const mode = to.some((each) => each.mode === 'max') ? 'max' : 'min'
  const unused = to.flatMap((each) => each.unused)
  return flags.withoutCache ? null : { from: from.map(locationOf), to: to.map(locationOf), mode, unused }
}

type CacheFlag = '--cache-from' | '--cache-to'

type CacheOptions = OptionsOf<typeof cacheOptions>

interface ReadCache {
  readonly location: CacheLocation
  readonly mode: 'min' | 'max'
  readonly unused: readonly string[]
}

const locationOf = ({ location }: ReadCache): CacheLocation => location

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
  if (location !== null) return { location, mode: options.mode, unused: unusedOf(options) }
  const wanted = options.type === 'registry' ? 'ref=NAME' : flag === '--cache-from' ? 'src=DIR' : 'dest=DIR'
  throw new UsageError({ ...origin, expected: wanted, found: 'none' })
}

/** What is one way only, and may be asked for. */
const ALWAYS = ['imageManifest', 'ociMediaTypes', 'ignoreError'] as const

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
