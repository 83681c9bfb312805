import type { Invocation } from '../command.js'
import type { storeFlags } from '../flags.js'
import { print } from '../print.js'
import { storeOf } from '../store.js'
import { formatBytes } from '../units.js'
import { untilAborted } from '../until-aborted.js'

/** Removes what no name leads to, and prints how much that was. */
export async function collectGarbage({ flags, signal }: Invocation<typeof storeFlags>): Promise<void> {
  const { removed, bytes, kept } = await untilAborted(storeOf(flags.store).collect(), signal)
  await print(`${removed} ${removed === 1 ? 'blob' : 'blobs'} removed, ${formatBytes(bytes)}; ${kept} kept\n`)
}
