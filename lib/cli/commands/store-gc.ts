import { parseSize } from '../../benchmark/quantity.js'
import type { Collected } from '../../blob/collect.js'
import { parseDuration } from '../../build/go-format.js'
import { UsageError } from '../../errors.js'
import { collectRegistry, registryBeside } from '../../registry/server/collect.js'
import { untilAborted } from '../../streams/until-aborted.js'
import type { Invocation } from '../command.js'
import { print } from '../print.js'
import { storeOf } from '../store.js'
import type { storeCollectFlags } from '../store-command-flags.js'
import { formatBytes } from '../units.js'

/** Removes what no name leads to, and what no manifest in the registry beside needs, and prints how much that was. */
export async function collectGarbage({ flags, signal }: Invocation<typeof storeCollectFlags>): Promise<void> {
  const store = storeOf(flags.store)
  const grace = flags.olderThan === null ? null : readDuration(flags.olderThan)
  const limits = { keep: flags.keep === null ? null : parseSize(flags.keep), grace: grace ?? 0 }
  await print(describe(await untilAborted(store.collect(limits), signal)))
  const served = await untilAborted(collectRegistry(registryBeside(store), grace ?? undefined), signal)
  if (served.removed + served.kept > 0) await print(`registry: ${describe(served)}`)
}

function describe({ removed, bytes, kept }: Collected): string {
  return `${removed} ${removed === 1 ? 'blob' : 'blobs'} removed, ${formatBytes(bytes)}; ${kept} kept\n`
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
