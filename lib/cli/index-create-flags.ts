import type { OptionTable } from '../options/option.js'
import { registryFlags } from './flags.js'

/** How `index create` speaks to registries. */
export const indexCreateFlags = {
  insecure: {
    key: 'insecure',
    kind: 'boolean',
    default: false,
    help: 'do not check certificates, and fall back to HTTP'
  },
  ...registryFlags
} as const satisfies OptionTable
