import { isDigest } from '../../blob/digest.js'
import { InputError } from '../../errors.js'
import { formatReference, parseReference } from '../../image/reference.js'
import type { Invocation } from '../command.js'
import type { storeFlags } from '../flags.js'
import { print } from '../print.js'
import { storeOf } from '../store.js'

/** Removes names, or all names of a digest, and prints those that were there. */
export async function removeImages({ operands, flags }: Invocation<typeof storeFlags>): Promise<void> {
  const names = operands.map((name) => (isDigest(name) ? name : formatReference(parseReference(name))))
  const store = storeOf(flags.store)
  const removed = await store.remove(names)
  await print(removed.map((name) => `${name}\n`).join(''))
  const missing = names.filter((name) => !removed.includes(name))
  if (missing.length === 0) return
  throw new InputError({
    operation: 'remove from store',
    subject: missing.join(', '),
    expected: `a name in ${store.directory}`,
    found: 'none such',
    advice: 'see layerpipe store ls'
  })
}
