import type { Store } from '../blob/store.js'
import { createBlockCache } from '../blob/stored-blocks.js'
import { createWrittenFiles } from '../blob/written-files.js'
import { blockCache } from '../codec/block-cache.js'
import { bareFiles, createBareFileRecords } from '../diff/bare-files.js'
import type { Provision } from '../graph/index.js'
import { writtenFiles } from './written-files.js'

/** What a run has to be given for it to ask, compress and write only what no earlier run with this store has. */
export function provideEarlierWork(store: Store): readonly Provision[] {
  return [
    blockCache.provide(createBlockCache(store)),
    bareFiles.provide(createBareFileRecords(store.records)),
    writtenFiles.provide(createWrittenFiles(store.records))
  ]
}
