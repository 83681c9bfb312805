import { InputError } from '../../errors.js'
import { untilAborted } from '../../streams/until-aborted.js'
import type { Invocation } from '../command.js'
import type { storeFlags } from '../flags.js'
import { print } from '../print.js'
import { storeOf } from '../store.js'
import { formatBytes } from '../units.js'

/** Reads every blob, prints those that are damaged or missing, and fails if there are any. */
export async function verifyStore({ flags, signal }: Invocation<typeof storeFlags>): Promise<void> {
  const store = storeOf(flags.store)
  const { checked, bytes, damaged, missing } = await untilAborted(store.verify(), signal)
  const bad = [...damaged.map((digest) => `damaged ${digest}\n`), ...missing.map((digest) => `missing ${digest}\n`)]
  await print(`${checked} ${checked === 1 ? 'blob' : 'blobs'} checked, ${formatBytes(bytes)}\n${bad.join('')}`)
  if (bad.length === 0) return
  throw new InputError({
    operation: 'verify store',
    subject: store.directory,
    expected: 'every blob that images need, whole',
    found: `${damaged.length} damaged and ${missing.length} missing`,
    advice: 'export those images again, which heals them'
  })
}
