import { cacheFlags, outputFlags, registryFlags, runFlags, sourceFlags, storeFlags } from './flags.js'

/** What `export` makes of which sources. */
export const exportFlags = {
  ...outputFlags,
  ...sourceFlags,
  ...cacheFlags,
  ...runFlags,
  ...storeFlags,
  ...registryFlags
} as const
