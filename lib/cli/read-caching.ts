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
  return flags.withoutCache ? null : { from, to }
}

/**
 * What can be said of a cache. Both modes are one here: stages that are no part of the result are never packed, so
 * there is no more than their part in it to keep.
 */
const cacheOptions = {
  type: { key: 'type', kind: 'choice', choices: ['registry', 'local'], default: 'registry', help: 'where it is' },
  ref: { key: 'ref', kind: 'text', default: null, help: 'a name in a registry' },
  source: { key: 'src', kind: 'text', default: null, help: 'a directory to read' },
  destination: { key: 'dest', kind: 'text', default: null, help: 'a directory to write' },
  mode: { key: 'mode', kind: 'choice', choices: ['min', 'max'], default: 'min', help: 'how much is kept' }
} as const satisfies OptionTable

function readLocation(flag: '--cache-from' | '--cache-to', text: string): CacheLocation {
  const origin = { operation: `read ${flag}`, subject: text, owner: flag }
  const fields = parseCsvRecord(text)
  if (fields === null)
    throw new UsageError({ ...origin, expected: 'a comma-separated list', found: 'a misplaced quote' })
  // As in buildx, a single word is a name in a registry.
  const pairs = fields.length === 1 && !text.includes('=') ? [`ref=${text}`] : fields
  const options = parseOptions(cacheOptions, pairs.map(splitField), origin)
  const directory = flag === '--cache-from' ? options.source : options.destination
  if (options.type === 'local' && directory !== null) return { type: 'local', directory: resolve(directory) }
  if (options.type === 'registry' && options.ref !== null) {
    return { type: 'registry', name: formatReference(parseReference(options.ref)) }
  }
  const wanted = options.type === 'registry' ? 'ref=NAME' : flag === '--cache-from' ? 'src=DIR' : 'dest=DIR'
  throw new UsageError({ ...origin, expected: wanted, found: 'none' })
}

function splitField(field: string): { readonly key: string; readonly value: string } {
  const equals = field.indexOf('=')
  return equals < 0 ? { key: field, value: '' } : { key: field.slice(0, equals), value: field.slice(equals + 1) }
}
