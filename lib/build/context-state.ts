import { createHash } from 'node:crypto'
import { readStats } from '../diff/file-stats.js'
import { listDirectory } from '../diff/listing.js'
import { settledAt } from '../diff/settled-identity.js'
import type { ByteString } from '../streams/bytes.js'
import { createTurns } from '../streams/turns.js'
import type { ListedDirectories } from './listed-directories.js'

/** What the file system says of what lies in some directories, but not below. */
export interface ContextState {
  /** Another one whenever anything in them could be another: no file was read for it. */
  readonly digest: string
  /**
   * From when on, in milliseconds since 1970, another change could be told from the last. The directories, the root too,
   * count themselves here: of a name that goes, nothing else tells when it went.
   */
  readonly settledAt: number
}

/** Changes when equal digests could come to stand for other states. */
const VERSION = 3

/**
 * The state of directories below `root`. Null where one is missing or can't be read. `listed` gets what was listed for
 * it. Rejects with the reason of a signal that aborts.
 */
export async function readContextState(
  root: ByteString,
  directories: readonly ByteString[],
  listed: ListedDirectories,
  signal: AbortSignal
): Promise<ContextState | null> {
  const turns = createTurns(signal)
  const state = createHash('sha256').update(`context ${VERSION}\n`)
  let settled = 0
  try {
    for (const directory of directories) {
      const location = directory === '' ? root : `${root}/${directory}`
      const listing = listDirectory(location)
      if (turns.isDue(1 + listing.names.length)) await turns.give()
      listed.add(location, listing)
      const itself = directory === '' ? settledAt(readStats(root)) : 0 // others are listed above
      settled = Math.max(settled, listing.settledAt, itself)
      state.update(`${directory}\0${listing.names.join('/')}\0`, 'latin1').update(listing.numbers)
    }
  } catch {
    signal.throwIfAborted()
    return null // whoever evaluates the build says what is wrong
  }
  return { digest: state.digest('hex'), settledAt: settled }
}
