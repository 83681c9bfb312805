import { createLimit, type Limit } from '../graph/limit.js'
import { createResource } from '../graph/resource.js'
import { noteChannel } from '../trace.js'
import { type Connection, createConnection } from './connection.js'
import { type CredentialLookup, createCredentialLookup } from './credentials.js'
import { fetchUrl, type UrlRequest } from './fetch-url.js'
import { createPace, type Pace } from './pace.js'
import { defaultRetryPolicy, type RetryPolicy } from './retry.js'
import { createSecrets } from './secrets.js'
import { createTransport, type Deadlines, defaultDeadlines, type HttpResponse, type Transport } from './transport.js'

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
  /** Bytes of a blob in one request; by default 64 MiB, and more for a fast registry. What it asks for goes before it. */
  readonly chunk?: number
  /** Hears of waits and of detours. Never of a secret. */
  readonly note?: (message: string) => void
}

/** A repository on a host: what is left of a name without its tag. */
export interface RepositoryName {
  readonly host: string
  readonly repository: string
}

/** A repository that can be spoken to. */
export interface Remote extends Host {
  /** The host as the name has it. */
  readonly host: string
  readonly repository: string
  /** For errors: `localhost:5000/app`. */
  readonly subject: string
}

/** One host of a client. */
interface Host {
  readonly connection: Connection
  /** Blobs sent at a time. Sending and fetching have a limit each, for a copy within one host holds both. */
  readonly uploads: Limit
  readonly downloads: Limit
  /** Manifests and lists at a time. */
  readonly documents: Limit
  /** For each blob that is sent. */
  createPace(): Pace
  /** Blobs that are being sent, by repository and digest: nobody sends one that somebody else is sending. */
  readonly sending: Map<string, Promise<unknown>>
}

/** Speaks to registries. Connections, tokens and limits are shared by all who use it. */
export interface RegistryClient {
  /** `insecure`: as if its host had been named in the options. */
  remote(name: RepositoryName, insecure?: boolean): Remote
  /** Fetches what a URL of any host leads to, as registries are spoken to; see `fetchUrl`. */
  fetch<T>(request: UrlRequest, read: (answer: HttpResponse) => Promise<T>): Promise<T>
  close(): Promise<void>
}

export function createRegistryClient(options: RegistryClientOptions = {}): RegistryClient {
  const transport = lazily((verifyTls) => {
    const deadlines = { ...defaultDeadlines, ...options.deadlines }
    return createTransport({ deadlines, verifyTls, ...(options.ca && { ca: options.ca }) })
  })
  const secrets = createSecrets()
  const hosts = new Map<string, Host>()
  const { note = () => {} } = options
  const policy = { ...defaultRetryPolicy, ...options.retry }
  const open = (host: string, insecure: boolean): Host => {
    const { credentials = createCredentialLookup(), transfers = 4 } = options
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
      documents: createLimit(1),
      createPace: () => createPace(options.chunk),
      sending: new Map()
    }
  }
  return {
    remote({ host, repository }, insecure = false) {
      const lax = insecure || (options.insecure ?? []).includes(host)
      const key = `${host} ${lax}`
      const known = hosts.get(key) ?? open(host, lax)
      hosts.set(key, known)
      return { ...known, host, repository, subject: `${host}/${repository}` }
    },
    fetch: (request, read) => fetchUrl(request, read, { transport: transport.of(true), policy, note }),
    close: () => transport.close()
  }
}

/** Tells whoever listens to a run's notes. */
export function noteRegistry(message: string): void {
  noteChannel.publish({ run: '', key: '', operation: 'registry', message })
}

/** The client of a run. Give one with options by `registryResource.provide(createRegistryClient(…))`. */
export const registryResource = createResource<RegistryClient>(
  'registry',
  () => createRegistryClient({ note: noteRegistry }),
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
