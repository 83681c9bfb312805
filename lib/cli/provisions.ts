import type { Provision } from '../graph/index.js'
import type { Caching } from './caches.js'
import { provideBlocks, provideStore, storeOf } from './store.js'

/** What a run is given, and what is to be done about it afterwards. */
export interface Provisions {
  readonly provide: readonly Provision[]
  /** To be called when the run has ended well. */
  finish(): Promise<void>
  /** To be called when it has ended. */
  close(): Promise<void>
}

export interface ProvisionFlags {
  /** A directory, or null for the user's store. */
  readonly store: string | null
  /** A file of certificates. */
  readonly ca: string | null
  readonly withoutCache: boolean
}

/**
 * The store, the client of registries and the caches, as flags have them. A client like any other is left to the run,
 * which makes it for the stages that ask: most ask for none, and then none is loaded.
 */
export async function openProvisions(flags: ProvisionFlags, caching: Caching | null): Promise<Provisions> {
  const stores = [...provideStore(flags.store), ...(flags.withoutCache ? [] : provideBlocks(flags.store))]
  if (flags.ca === null && caching === null) return { provide: stores, finish: async () => {}, close: async () => {} }
  const { openRegistryClient, provideClient } = await import('./registry.js')
  const client = await openRegistryClient(flags)
  const caches = caching && (await import('./caches.js')).openCaches(caching, storeOf(flags.store), client)
  return {
    provide: [...stores, provideClient(client), ...(caches?.provide ?? [])],
    finish: async () => caches?.finish(),
    close: () => client.close()
  }
}
