import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { messageOf, OutputError } from '../../errors.js'
import type { Platform } from '../../image/platform.js'
import { readText } from '../read-text.js'
import { createTransport, type HttpResponse, type Transport } from '../transport.js'
import type { Endpoint } from './endpoint.js'

/** A container engine, spoken to through Docker's API, which Podman has too. */
export interface Engine {
  /** What it runs. */
  platform(): Promise<Platform>
  /** The diffIDs of each image that it has; none where it can't be told what of an archive may be left out. */
  layers(): Promise<readonly (readonly string[])[]>
  /** Loads an archive as `docker load` does, and gives what the engine says of it. */
  load(archive: () => Readable): Promise<string>
  close(): Promise<void>
}

/** Nothing of the engine's work is quick: it unpacks layers before it answers. Milliseconds. */
const DEADLINES = { connect: 10_000, headers: 1_200_000, stall: 1_200_000 }

export async function openEngine(endpoint: Endpoint, signal?: AbortSignal): Promise<Engine> {
  return new HttpEngine(endpoint, await connect(endpoint), signal)
}

async function connect({ url, certificates }: Endpoint): Promise<Transport> {
  const common = { deadlines: DEADLINES, verifyTls: true }
  if (url.protocol === 'unix:') return createTransport({ ...common, socketPath: url.pathname })
  if (certificates === null) return createTransport(common)
  const read = (name: string): Promise<string> => readFile(join(certificates, name), 'utf8')
  const [ca, cert, key] = await Promise.all([read('ca.pem'), read('cert.pem'), read('key.pem')])
  return createTransport({ ...common, ca: [ca], identity: { cert, key } })
}

class HttpEngine implements Engine {
  readonly #endpoint: Endpoint
  readonly #transport: Transport
  readonly #base: URL
  readonly #signal: AbortSignal | undefined

  constructor(endpoint: Endpoint, transport: Transport, signal?: AbortSignal) {
    const { url, certificates } = endpoint
    const scheme = certificates !== null || url.protocol === 'https:' ? 'https' : 'http'
    this.#endpoint = endpoint
    this.#transport = transport
    this.#base = new URL(url.protocol === 'unix:' ? 'http://localhost' : `${scheme}://${url.host}`)
    this.#signal = signal
  }

  async platform(): Promise<Platform> {
    const { Os = 'linux', Arch = 'amd64' } = (await this.#get('/version')) as { Os?: string; Arch?: string }
    return { os: Os, architecture: Arch }
  }

  async layers(): Promise<readonly (readonly string[])[]> {
    const info = (await this.#get('/info')) as { DriverStatus?: unknown; Driver?: string }
    // Engines with containerd's store, and Podman, want every blob of what they load.
    const classic = ['overlay2', 'vfs', 'btrfs', 'zfs', 'fuse-overlayfs', 'aufs'].includes(info.Driver ?? '')
    if (!classic || JSON.stringify(info.DriverStatus ?? '').includes('containerd') || (await this.#isPodman()))
      return []
    const images = (await this.#get('/images/json')) as readonly { Id: string }[]
    return Promise.all(images.slice(0, MOST_IMAGES).map(({ Id }) => this.#layersOf(Id)))
  }

  async load(archive: () => Readable): Promise<string> {
    const response = await this.#send('POST', '/images/load?quiet=1', archive)
    return readProgress(await readText(response.body, LARGEST), (found) => this.#problem('load image', found))
  }

  close(): Promise<void> {
    return this.#transport.close()
  }

  async #isPodman(): Promise<boolean> {
    const version = (await this.#get('/version')) as { Components?: readonly { Name?: string }[] }
    return version.Components?.some(({ Name }) => /podman/i.test(Name ?? '')) ?? false
  }

  async #layersOf(id: string): Promise<readonly string[]> {
    const image = (await this.#get(`/images/${id}/json`).catch(() => ({}))) as { RootFS?: { Layers?: string[] } }
    return image.RootFS?.Layers ?? []
  }

  async #get(path: string): Promise<unknown> {
    const { body } = await this.#send('GET', path)
    return JSON.parse(await readText(body, LARGEST))
  }

  async #send(method: 'GET' | 'POST', path: string, body?: () => Readable): Promise<HttpResponse> {
    const headers = body ? { 'content-type': 'application/x-tar' } : {}
    const request = { method, url: new URL(path, this.#base), headers, signal: this.#signal, ...(body && { body }) }
    const response = await this.#transport
      .send(request)
      .catch((cause: unknown) => Promise.reject(this.#unreachable(cause)))
    if (response.status === 200) return response
    const text = await readText(response.body, LARGEST)
    throw this.#problem(method === 'POST' ? 'load image' : 'ask engine', `HTTP ${response.status} ${messageIn(text)}`)
  }

  #problem(operation: string, found: string): OutputError {
    const { url, origin } = this.#endpoint
    return new OutputError({ operation, subject: `engine at ${url.href} (${origin})`, found })
  }

  #unreachable(cause: unknown): unknown {
    if (this.#signal?.aborted || !(cause instanceof Error && 'syscall' in cause)) return cause
    const { url, origin } = this.#endpoint
    const advice =
      `is the engine running? ${messageOf(cause).includes('EACCES') ? 'may you use its socket?' : ''}`.trim()
    return new OutputError({ operation: 'reach container engine', subject: `${url.href} (${origin})`, cause, advice })
  }
}

/** One JSON document a line; an error is among them, with a status of 200. */
function readProgress(text: string, problem: (found: string) => OutputError): string {
  const said: string[] = []
  for (const line of text.split('\n').filter((each) => each.trim() !== '')) {
    const { error, stream } = parse(line)
    if (typeof error === 'string') throw problem(error)
    if (typeof stream === 'string') said.push(stream.trim())
  }
  return said.join('; ')
}

function parse(line: string): { readonly error?: unknown; readonly stream?: unknown; readonly message?: unknown } {
  try {
    const document: unknown = JSON.parse(line)
    return typeof document === 'object' && document !== null ? document : {}
  } catch {
    return {}
  }
}

function messageIn(text: string): string {
  const { message } = parse(text)
  return typeof message === 'string' ? message : text.slice(0, 300)
}

/** Bytes of an answer. */
const LARGEST = 16 * 2 ** 20
/** Images looked at for layers that need not be sent. */
const MOST_IMAGES = 200
