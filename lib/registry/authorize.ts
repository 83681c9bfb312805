import { type Challenge, parseChallenges } from './challenge.js'
import type { Credentials } from './credential.js'
import type { CredentialLookup } from './credentials.js'
import { RegistryError } from './problem.js'
import type { Secrets } from './secrets.js'
import { basicOf, fetchToken, type Token, type TokenRequest } from './token.js'

/** Gets into one registry: knows its challenge, the credentials for it and the tokens it gave. */
export interface Authorizer {
  /** The Authorization header for a request with these scopes, or null where none is known to be needed. */
  header(scopes: readonly string[], signal?: AbortSignal): Promise<string | null>
  /** Takes in a refusal. True if it is worth asking again with a new header. */
  challenged(header: string | undefined, scopes: readonly string[], used: string | null): Promise<boolean>
}

export interface AuthorizerOptions {
  readonly host: string
  /** Whether the registry is spoken to over TLS: then a token service must be, too. */
  readonly secure: boolean
  readonly credentials: CredentialLookup
  readonly send: TokenRequest['send']
  readonly secrets: Secrets
}

export function createAuthorizer(options: AuthorizerOptions): Authorizer {
  return new ChallengedAuthorizer(options)
}

class ChallengedAuthorizer implements Authorizer {
  readonly #options: AuthorizerOptions
  #challenge: Challenge | null = null
  readonly #tokens = new Map<string, Promise<Token>>()
  readonly #credentials = new Map<string, Promise<Credentials | null>>()
  /** Scopes that the registry asked for besides the usual. */
  readonly #wider = new Set<string>()

  constructor(options: AuthorizerOptions) {
    this.#options = options
  }

  async header(scopes: readonly string[], signal?: AbortSignal): Promise<string | null> {
    if (!this.#challenge) return null
    const credentials = await this.#credentialsFor(scopes)
    if (credentials?.kind === 'registry-token') return `Bearer ${credentials.token}`
    if (this.#challenge.scheme === 'bearer') return `Bearer ${await this.#tokenFor(scopes, credentials, signal)}`
    return credentials?.kind === 'password' ? basicOf(credentials.user, credentials.password) : null
  }

  async challenged(header: string | undefined, scopes: readonly string[], used: string | null): Promise<boolean> {
    const offered = parseChallenges(header ?? '')
    const challenge =
      offered.find(({ scheme }) => scheme === 'bearer') ?? offered.find(({ scheme }) => scheme === 'basic')
    if (!challenge) return false
    this.#challenge = challenge
    for (const scope of challenge.parameters.scope?.split(' ') ?? []) {
      if (challenge.parameters.error === 'insufficient_scope') this.#wider.add(scope)
    }
    if (challenge.scheme === 'basic') return used === null && (await this.#credentialsFor(scopes)) !== null
    this.#tokens.clear()
    return true
  }

  #credentialsFor(scopes: readonly string[]): Promise<Credentials | null> {
    const repository = scopes[0]?.split(':')[1] ?? ''
    const known = this.#credentials.get(repository)
    if (known) return known
    const found = this.#options.credentials(this.#options.host, repository)
    this.#credentials.set(repository, found)
    return found.then((credentials) => {
      this.#hide(credentials)
      return credentials
    })
  }

  #hide(credentials: Credentials | null): void {
    if (!credentials) return
    const { secrets } = this.#options
    if (credentials.kind !== 'password') return secrets.add(credentials.token)
    secrets.add(credentials.password)
    secrets.add(basicOf(credentials.user, credentials.password).slice('Basic '.length))
  }

  async #tokenFor(scopes: readonly string[], credentials: Credentials | null, signal?: AbortSignal): Promise<string> {
    const wanted = [...new Set([...scopes, ...this.#wider])].sort()
    const key = wanted.join(' ')
    const known = await this.#tokens.get(key)?.catch(() => null)
    if (known && Date.now() < known.expires) return known.text
    const { send, secrets } = this.#options
    const service = this.#challenge?.parameters.service
    const fetched = fetchToken({ realm: this.#realm(), service, scopes: wanted, credentials, send, secrets, signal })
    this.#tokens.set(key, fetched)
    return (await fetched).text
  }

  #realm(): URL {
    const text = this.#challenge?.parameters.realm ?? ''
    const realm = URL.canParse(text) ? new URL(text) : null
    const allowed = this.#options.secure ? ['https:'] : ['https:', 'http:']
    if (realm && allowed.includes(realm.protocol)) return realm
    throw new RegistryError({
      operation: 'get token',
      subject: this.#options.host,
      expected: `a token service at ${allowed.join(' or ')}//`,
      found: JSON.stringify(text.slice(0, 200))
    })
  }
}
