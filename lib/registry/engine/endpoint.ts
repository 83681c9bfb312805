import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { digestOf, hexOf } from '../../blob/digest.js'
import { UsageError } from '../../errors.js'
import { jsonOrNull, textAt } from '../../loose-json.js'
import { dockerDirectory, homeOf } from '../docker-directory.js'

/** Where a container engine listens: `unix:///path` or `tcp://host:port`. */
export interface Endpoint {
  readonly url: URL
  /** For errors: what led there. */
  readonly origin: string
  /** A directory with ca.pem, cert.pem and key.pem, where the engine wants TLS. */
  readonly certificates: string | null
}

/**
 * Finds the engine as `docker` does: `DOCKER_HOST`, the context, the usual sockets; then podman's: `CONTAINER_HOST` and
 * its sockets.
 *
 * @throws UsageError where there is none
 */
export async function findEngine(environment: NodeJS.ProcessEnv = process.env): Promise<Endpoint> {
  const { DOCKER_HOST, CONTAINER_HOST, DOCKER_TLS_VERIFY, DOCKER_CERT_PATH } = environment
  const certificates = DOCKER_TLS_VERIFY ? DOCKER_CERT_PATH || dockerDirectory(environment) : null
  if (DOCKER_HOST) return endpointOf(DOCKER_HOST, 'DOCKER_HOST', certificates)
  const context = await findContext(environment)
  if (context) return context
  if (CONTAINER_HOST) return endpointOf(CONTAINER_HOST, 'CONTAINER_HOST', null)
  const socket = usualSockets(environment).find((path) => existsSync(path))
  if (socket !== undefined) return endpointOf(`unix://${socket}`, 'the usual sockets', null)
  throw new UsageError({
    operation: 'find container engine',
    subject: 'DOCKER_HOST, docker contexts and the usual sockets',
    found: 'none',
    advice: 'start Docker or Podman, set DOCKER_HOST, or write an archive with type=docker,dest=FILE'
  })
}

function endpointOf(text: string, origin: string, certificates: string | null): Endpoint {
  const url = URL.canParse(text) ? new URL(text) : null
  if (url && ['unix:', 'tcp:', 'http:', 'https:'].includes(url.protocol)) return { url, origin, certificates }
  throw new UsageError({
    operation: 'find container engine',
    subject: origin,
    expected: 'unix:///PATH or tcp://HOST:PORT',
    found: text,
    advice: 'for an engine behind ssh, forward its socket: ssh -L /tmp/docker.sock:/var/run/docker.sock HOST'
  })
}

/** Docker's contexts: the name in DOCKER_CONTEXT or the config, the rest in a file named by the name's digest. */
async function findContext(environment: NodeJS.ProcessEnv): Promise<Endpoint | null> {
  const directory = dockerDirectory(environment)
  const config = await readJson(join(directory, 'config.json'))
  const name = environment.DOCKER_CONTEXT || textAt(config, 'currentContext')
  if (!name || name === 'default') return null
  const identifier = hexOf(digestOf(name))
  const host = textAt(
    await readJson(join(directory, 'contexts', 'meta', identifier, 'meta.json')),
    'Endpoints',
    'docker',
    'Host'
  )
  const origin = `docker context ${name}`
  if (host === null) {
    throw new UsageError({ operation: 'find container engine', subject: origin, expected: 'a context', found: 'none' })
  }
  const certificates = join(directory, 'contexts', 'tls', identifier, 'docker')
  return endpointOf(host, origin, existsSync(certificates) ? certificates : null)
}

function usualSockets(environment: NodeJS.ProcessEnv): readonly string[] {
  const run = environment.XDG_RUNTIME_DIR
  return [
    '/var/run/docker.sock',
    ...(run ? [join(run, 'docker.sock')] : []),
    join(homeOf(environment), '.docker', 'run', 'docker.sock'),
    ...(run ? [join(run, 'podman', 'podman.sock')] : []),
    '/run/podman/podman.sock'
  ]
}

async function readJson(path: string): Promise<unknown> {
  return jsonOrNull(await readFile(path, 'utf8').catch(() => ''))
}
