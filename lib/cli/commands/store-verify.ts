import { InputError } from '../../errors.js'
import { registryBeside } from '../../registry/server/collect.js'
import { verifyRegistry } from '../../registry/server/verify.js'
import { untilAborted } from '../../streams/until-aborted.js'
import type { Invocation } from '../command.js'
import type { storeFlags } from '../flags.js'
import { print } from '../print.js'
import { storeOf } from '../store.js'
import { formatBytes } from '../units.js'

/**
 * Reads every blob, also those of the registry beside, prints those that are damaged or missing, and fails if there are
 * any.
 */
export async function verifyStore({ flags, signal }: Invocation<typeof storeFlags>): Promise<void> {
  const store = storeOf(flags.store)
  const { missing, ...own } = await untilAborted(store.verify(), signal)
  const pushed = await untilAborted(verifyRegistry(registryBeside(store)), signal)
  const checked = own.checked + pushed.checked
  const damaged = [...new Set([...own.damaged, ...pushed.damaged])]
  const bytes = own.bytes + pushed.bytes
  const bad = [...damaged.map((digest) => `damaged ${digest}\n`), ...missing.map((digest) => `missing ${digest}\n`)]
  await print(`${checked} ${checked === 1 ? 'blob' : 'blobs'} checked, ${formatBytes(bytes)}\n${bad.join('')}`)
  if (bad.length === 0) return
  throw new InputError({
    operation: 'verify store',
    subject: store.directory,
    expected: 'every blob that images need, whole',
    found: `${damaged.length} damaged and ${missing.length} missing`,
    advice: own.damaged.length + missing.length > 0 ? HEALED : adviceForPushed(registryBeside(store))
  })
}

const HEALED = 'export those images again, which heals them'

/** Who pushes does not send again what is there. */
function adviceForPushed(registry: string): string {
  return `remove those files below ${registry}, and push those images again`
}
