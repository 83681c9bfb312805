import { parseSize } from '../../benchmark/quantity.js'
import { parseDuration } from '../../build/go-format.js'
import { UsageError } from '../../errors.js'
import type { Invocation } from '../command.js'
import type { storeCollectFlags } from '../commands.js'
import { print } from '../print.js'
import { storeOf } from '../store.js'
import { formatBytes } from '../units.js'
import { untilAborted } from '../until-aborted.js'

/** Removes what no name leads to, as far as the flags say, and prints how much that was. */
export async function collectGarbage({ flags, signal }: Invocation<typeof storeCollectFlags>): Promise<void> {
  const limits = {
    keep: flags.keep === null ? null : parseSize(flags.keep),
    grace: flags.olderThan === null ? 0 : readDuration(flags.olderThan)
  }
  const { removed, bytes, kept } = await untilAborted(storeOf(flags.store).collect(limits), signal)
  await print(`${removed} ${removed === 1 ? 'blob' : 'blobs'} removed, ${formatBytes(bytes)}; ${kept} kept\n`)
}

/** In milliseconds. */
function readDuration(text: string): number {
  const nanoseconds = parseDuration(text)
  if (nanoseconds !== null && nanoseconds >= 0) return nanoseconds / 1e6
  const expected = 'a duration, as in 24h or 1h30m'
  throw new UsageError({
    operation: 'read --older-than',
    subject: JSON.stringify(text),
    expected,
    found: 'something else'
  })
}
