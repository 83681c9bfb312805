import { createRegistryIndex } from '../../registry/create-index.js'
import type { Invocation } from '../command.js'
import type { indexCreateFlags } from '../index-create-flags.js'
import { print } from '../print.js'
import { openRegistryClient } from '../registry.js'

/** Puts an index over images in registries, and prints its digest. */
export async function createIndexOfSources(invocation: Invocation<typeof indexCreateFlags>): Promise<void> {
  const { operands, flags, signal } = invocation
  const [name = '', ...sources] = operands
  const client = await openRegistryClient(flags)
  try {
    const { digest } = await createRegistryIndex({ name, sources, insecure: flags.insecure, client, signal })
    await print(`${digest}\n`)
  } finally {
    await client.close()
  }
}
