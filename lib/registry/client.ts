import { createResource } from '../graph/resource.js'
import { createLimit, type Limit } from '../graph/limit.js'
import { type Connection, createConnection } from './connection.js'
import { type CredentialLookup, createCredentialLookup } from './credentials.js'
import { defaultRetryPolicy, type RetryPolicy } from './retry.js'
import { createSecrets } from './secrets.js'
import { createTransport, type Deadlines, defaultDeadlines, type Transport } from './transport.js'

export interface RegistryClientOptions {
  /** Hosts that may be spoken to over plain HTTP or with any certificate. */
  readonly insecure?: readonly string[]
  /** PEM texts of authorities trusted besides Node's own and NODE_EXTRA_CA_CERTS. */
  readonly ca?: readonly string[]
  /** By default what docker and podman have on file. */
  readonly credentials?: CredentialLookup
  readonly deadlines?: Partial<Deadlines>
  readonly retry?: Partial<RetryPolicy>
  /** Blobs in each direction at a time per host; 4 by default. */
  readonly transfers?: number
  /** Hears of waits and of detours. Never of a secret. */
  readonly note?: (message: string) => void
}

/** A repository on a host: what is left of a name without its tag. */
export interface RepositoryName {
  readonly host: string
  readonly repository: string
}

/** One host of a client. */
export interface Host {
  readonly connection: Connection
  /** Blobs sent at a time. Sending and fetching have a limit each, for a copy within one host holds both. */
  readonly uploads: Limit
  readonly downloads: Limit
  /** Manifests and lists at a time. */
  readonly documents: Limit
}

/** Speaks to registries. Connections, tokens and limits are shared by all who use it. */
export interface RegistryClient {
  /** `insecure`: as if this host had been named in the options. */
  host(name: string, insecure?: boolean): Host
  close(): Promise<void>
}

export function createRegistryClient(options: RegistryClientOptions = {}): RegistryClient {
  const transport = lazily((verifyTls) => {
    const deadlines = { ...defaultDeadlines, ...options.deadlines }
    return createTransport({ deadlines, verifyTls, ...(options.ca && { ca: options.ca }) })
  })
  const secrets = createSecrets()
  const hosts = new Map<string, Host>()
  const open = (host: string, insecure: boolean): Host => {
    const { credentials = createCredentialLookup(), transfers = 4, note = () => {} } = options
    const policy = { ...defaultRetryPolicy, ...options.retry }
    const connection = createConnection({
      host,
      insecure,
      transport: transport.of(!insecure),
      credentials,
      secrets,
      policy,
      note
    })
    return {
      connection,
      uploads: createLimit(transfers),
      downloads: createLimit(transfers),
      documents: createLimit(1)
    }
  }
  return {
    host(name, insecure = false) {
      const lax = insecure || (options.insecure ?? []).includes(name)
      const key = `${name} ${lax}`
      const host = hosts.get(key) ?? open(name, lax)
      hosts.set(key, host)
      return host
    },
    close: () => transport.close()
  }
}

/** The client of a run. Give one with options by `registryResource.provide(createRegistryClient(…))`. */
export const registryResource = createResource<RegistryClient>(
  'registry',
  () => createRegistryClient(),
  (client) => client.close()
)

interface Transports {
  of(verifyTls: boolean): Transport
  close(): Promise<void>
}

function lazily(create: (verifyTls: boolean) => Transport): Transports {
  const made = new Map<boolean, Transport>()
  return {
    of(verifyTls) {
      const transport = made.get(verifyTls) ?? create(verifyTls)
      made.set(verifyTls, transport)
      return transport
    },
    async close() {
      for (const transport of made.values()) await transport.close()
    }
  }
}
