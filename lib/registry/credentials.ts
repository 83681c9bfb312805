import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { InputError } from '../errors.js'
import { type AuthDocument, type AuthEntry, parseAuthDocument } from './auth-document.js'
import type { Credentials } from './credential.js'
import { askHelper } from './credential-helper.js'
import { dockerDirectory, homeOf } from './docker-directory.js'

/** Finds the credentials for a repository of a host, or null for none. */
export type CredentialLookup = (host: string, repository: string) => Promise<Credentials | null>

export interface CredentialFilesOptions {
  readonly environment?: NodeJS.ProcessEnv
  /** Milliseconds a helper has to answer; 30 seconds by default. */
  readonly helperDeadline?: number
}

/**
 * Looks where docker and podman keep credentials: `REGISTRY_AUTH_FILE`, `$DOCKER_CONFIG/config.json` or
 * `~/.docker/config.json`, podman's `auth.json`. The first file that knows the host is taken.
 *
 * @throws InputError for a file or a helper that can't be understood
 */
export function createCredentialLookup(options: CredentialFilesOptions = {}): CredentialLookup {
  const { environment = process.env, helperDeadline = 30_000 } = options
  return async (host, repository) => {
    for (const path of filesOf(environment)) {
      const document = await readDocument(path)
      const found = document && (await findIn(document, host, repository, path, helperDeadline))
      if (found) return found
    }
    return null
  }
}

function filesOf(environment: NodeJS.ProcessEnv): readonly string[] {
  const { REGISTRY_AUTH_FILE, XDG_RUNTIME_DIR, XDG_CONFIG_HOME } = environment
  return [
    ...(REGISTRY_AUTH_FILE ? [REGISTRY_AUTH_FILE] : []),
    join(dockerDirectory(environment), 'config.json'),
    ...(XDG_RUNTIME_DIR ? [join(XDG_RUNTIME_DIR, 'containers', 'auth.json')] : []),
    join(XDG_CONFIG_HOME || join(homeOf(environment), '.config'), 'containers', 'auth.json')
  ]
}

async function readDocument(path: string): Promise<AuthDocument | null> {
  const text = await readFile(path, 'utf8').catch(() => null)
  return text === null || text.trim() === '' ? null : parseAuthDocument(text, path)
}

async function findIn(
  document: AuthDocument,
  host: string,
  repository: string,
  path: string,
  deadline: number
): Promise<Credentials | null> {
  for (const name of namesOf(host)) {
    const helper = document.credHelpers[name] || document.credsStore
    const found = helper ? await askHelper(helper, name, deadline) : null
    if (found) return found
  }
  const entry = entryFor(document.auths, host, repository)
  return entry ? readEntry(entry, `${path}, ${host}`) : null
}

/** Docker Hub is kept under the address of its first version. */
function namesOf(host: string): readonly string[] {
  const isHub = ['docker.io', 'index.docker.io', 'registry-1.docker.io'].includes(host)
  return isHub ? ['https://index.docker.io/v1/', 'docker.io', 'index.docker.io'] : [host]
}

/** The entry of the longest prefix: podman keeps credentials for parts of a host too. */
function entryFor(auths: Readonly<Record<string, AuthEntry>>, host: string, repository: string): AuthEntry | null {
  const wanted = namesOf(host).map((name) => `${bareName(name)}/${repository}/`)
  const fits = Object.entries(auths).filter(([key]) => wanted.some((name) => name.startsWith(`${bareName(key)}/`)))
  const [best] = fits.sort(([a], [b]) => bareName(b).length - bareName(a).length)
  return best?.[1] ?? null
}

function bareName(key: string): string {
  return key.replace(/^https?:\/\//, '').replace(/\/(?:v[12]\/?)?$/, '')
}

function readEntry(entry: AuthEntry, subject: string): Credentials | null {
  if (entry.identitytoken) return { kind: 'identity-token', token: entry.identitytoken }
  if (entry.registrytoken) return { kind: 'registry-token', token: entry.registrytoken }
  if (entry.username && entry.password) return { kind: 'password', user: entry.username, password: entry.password }
  if (!entry.auth) return null
  const [, user, password] = /^([^:]*):(.*)$/s.exec(Buffer.from(entry.auth, 'base64').toString()) ?? []
  if (user === undefined || password === undefined) {
    throw new InputError({ operation: 'read credentials', subject, expected: 'auth to be the base64 of USER:PASSWORD' })
  }
  // docker pads with zero bytes
  return { kind: 'password', user, password: password.replace(/\0+$/, '') }
}
