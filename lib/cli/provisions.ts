import type { Store } from '../blob/store.js'
import type { Caches } from '../build/own-caches.js'
import type { Provision } from '../graph/index.js'
import type { RegistryClient } from '../registry/client.js'
import { provideEarlierWork } from '../stages/earlier-work.js'
import type { RegistryFlags } from './registry.js'
import type { Caching } from './shared-caches.js'
import { provideStore, storeOf } from './store.js'

/** What a run is given, and what is to be done about it afterwards. */
export interface Provisions {
  readonly provide: readonly Provision[]
  /** To be called when the run has ended well. */
  finish(): Promise<void>
  /** To be called when it has ended. */
  close(): Promise<void>
}

export interface ProvisionFlags extends Required<RegistryFlags> {
  /** A directory, or null for the user's store. */
  readonly store: string | null
  readonly withoutCache: boolean
}

/**
 * The store, the client of registries and the caches, as flags have them. A client like any other is left to the run,
 * which makes it for the stages that ask: most ask for none, and then none is loaded.
 * `warn` hears of caches that can't be used.
 */
export async function openProvisions(
  flags: ProvisionFlags,
  caching: Caching | null,
  warn: (message: string) => void
): Promise<Provisions> {
  const store = storeOf(flags.store)
  const stores = [...provideStore(flags.store), ...(flags.withoutCache ? [] : provideEarlierWork(store))]
  caching?.warnings.forEach(warn)
  const insecureRegistries = [...flags.insecureRegistries, ...(caching?.insecureHosts ?? [])]
  const special = flags.ca !== null || insecureRegistries.length > 0 || isShared(caching)
  const registry = special ? await import('./registry.js') : null
  const client = registry && (await registry.openRegistryClient({ ...flags, insecureRegistries }))
  const caches = caching && (await openCaches(caching, store, client, warn))
  return {
    provide: [...stores, ...(registry && client ? [registry.provideClient(client)] : []), ...(caches?.provide ?? [])],
    finish: async () => caches?.finish(),
    close: async () => {
      await caches?.close()
      await client?.close()
    }
  }
}

function isShared(caching: Caching | null): boolean {
  return caching !== null && caching.from.length + caching.to.length > 0
}

async function openCaches(
  caching: Caching,
  store: Store,
  client: RegistryClient | null,
  warn: (message: string) => void
): Promise<Caches> {
  if (client === null || !isShared(caching)) return (await import('../build/own-caches.js')).openOwnCaches(store)
  return (await import('./shared-caches.js')).openSharedCaches(caching, { store, client, warn })
}
