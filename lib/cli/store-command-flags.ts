import type { OptionTable } from '../options/option.js'
import { storeFlags } from './flags.js'
import { inspectFlags } from './inspect-flags.js'

/** What `store gc` removes. */
export const storeCollectFlags = {
  keep: {
    key: 'keep',
    kind: 'text',
    default: null,
    placeholder: 'SIZE',
    help: 'remove only as much, the least recently used first, that the store is no larger, as in 10GB'
  },
  olderThan: {
    key: 'older-than',
    kind: 'text',
    default: null,
    placeholder: 'DURATION',
    help: 'remove only what was of no use for so long, as in 24h'
  },
  ...storeFlags
} as const satisfies OptionTable

/** How `store ls` tells. */
export const storeListFlags = { json: inspectFlags.json, ...storeFlags } as const
