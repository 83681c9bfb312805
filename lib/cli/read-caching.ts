import { resolve } from 'node:path'
import type { CacheLocation } from '../build/cache-storage.js'
import { UsageError } from '../errors.js'
import { formatReference, parseReference } from '../image/reference.js'
import type { OptionsOf, OptionTable } from '../options/option.js'
import { parseOptions } from '../options/parse-options.js'
import type { buildFlags } from './build-flags.js'
import { parseCsvRecord } from './csv.js'
import type { Caching } from './shared-caches.js'

/** What `--cache-from` and `--cache-to` ask for; null where there is no caching at all. */
export function readCaching(flags: OptionsOf<typeof buildFlags>): Caching | null {
  const from = flags.cacheFrom.map((text) => readLocation('--cache-from', text))
  const to = flags.cacheTo.map((text) => readLocation('--cache-to', text))
  const mode = to.some((each) => each.mode === 'max') ? 'max' : 'min'
  return flags.withoutCache ? null : { from: from.map(locationOf), to: to.map(locationOf), mode }
}

/** What can be said of a cache. */
const cacheOptions = {
  type: { key: 'type', kind: 'choice', choices: ['registry', 'local'], default: 'registry', help: 'where it is' },
  ref: { key: 'ref', kind: 'text', default: null, help: 'a name in a registry' },
  source: { key: 'src', kind: 'text', default: null, help: 'a directory to read' },
  destination: { key: 'dest', kind: 'text', default: null, help: 'a directory to write' },
  mode: {
    key: 'mode',
    kind: 'choice',
    choices: ['min', 'max'],
    default: 'min',
    help: 'what is kept: what is in the result, or all of its stages'
  }
} as const satisfies OptionTable

interface ReadCache {
  readonly location: CacheLocation
  readonly mode: 'min' | 'max'
}

const locationOf = ({ location }: ReadCache): CacheLocation => location

function readLocation(flag: '--cache-from' | '--cache-to', text: string): ReadCache {
  const origin = { operation: `read ${flag}`, subject: text, owner: flag }
  const fields = parseCsvRecord(text)
  if (fields === null)
    throw new UsageError({ ...origin, expected: 'a comma-separated list', found: 'a misplaced quote' })
  // As in buildx, a single word is a name in a registry.
  const pairs = fields.length === 1 && !text.includes('=') ? [`ref=${text}`] : fields
  const options = parseOptions(cacheOptions, pairs.map(splitField), origin)
  const directory = flag === '--cache-from' ? options.source : options.destination
  const { mode } = options
  if (options.type === 'local' && directory !== null)
    return { location: { type: 'local', directory: resolve(directory) }, mode }
  if (options.type === 'registry' && options.ref !== null) {
    const name = parseReference(options.ref)
    if (flag === '--cache-to' && name.digest !== undefined)
      throw new UsageError({ ...origin, expected: 'a name without a digest', found: options.ref })
    return { location: { type: 'registry', name: formatReference(name) }, mode }
  }
  const wanted = options.type === 'registry' ? 'ref=NAME' : flag === '--cache-from' ? 'src=DIR' : 'dest=DIR'
  throw new UsageError({ ...origin, expected: wanted, found: 'none' })
}

function splitField(field: string): { readonly key: string; readonly value: string } {
  const equals = field.indexOf('=')
  return equals < 0 ? { key: field, value: '' } : { key: field.slice(0, equals), value: field.slice(equals + 1) }
}
