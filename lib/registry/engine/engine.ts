import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { messageOf, OutputError } from '../../errors.js'
import type { Platform } from '../../image/platform.js'
import { jsonOrNull } from '../../loose-json.js'
import { readText } from '../read-text.js'
import { createTransport, type HttpResponse, type Transport } from '../transport.js'
import { hasOwnLayers, imagesIn, isPodman, layersIn, messageIn, platformIn, progressIn } from './answers.js'
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

/** What an engine itself says that it can't do. */
export class EngineError extends OutputError {}

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
    return platformIn(await this.#get('/version'))
  }

  async layers(): Promise<readonly (readonly string[])[]> {
    if (!hasOwnLayers(await this.#get('/info')) || isPodman(await this.#get('/version'))) return []
    const list = await this.#get('/images/json')
    const images = imagesIn(list)
    if (images === null) throw this.#notFrom('/images/json', 'a list of images', JSON.stringify(list))
    return Promise.all(images.slice(0, MOST_IMAGES).map((id) => this.#layersOf(id)))
  }

  async load(archive: () => Readable): Promise<string> {
    const response = await this.#send('POST', '/images/load?quiet=1', archive)
    const progress = progressIn(await readText(response.body, LARGEST))
    if ('error' in progress) throw this.#problem('load image', progress.error)
    return progress.said
  }

  close(): Promise<void> {
    return this.#transport.close()
  }

  /** None where the engine has removed the image meanwhile. */
  async #layersOf(id: string): Promise<readonly string[]> {
    return layersIn(await this.#get(`/images/${id}/json`).catch(() => null))
  }

  async #get(path: string): Promise<unknown> {
    const { body } = await this.#send('GET', path)
    const text = await readText(body, LARGEST)
    const document = jsonOrNull(text)
    if (typeof document === 'object' && document !== null) return document
    throw this.#notFrom(path, 'a JSON document', text)
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

  #problem(operation: string, found: string): EngineError {
    return new EngineError({ operation, subject: `engine at ${this.#name}`, found })
  }

  #notFrom(path: string, expected: string, text: string): OutputError {
    return new OutputError({
      operation: 'ask engine',
      subject: `${this.#name}, ${path}`,
      expected,
      found: text.slice(0, 100) || 'nothing',
      advice: `check that Docker or Podman listens there`
    })
  }

  #unreachable(cause: unknown): unknown {
    if (this.#signal?.aborted || !(cause instanceof Error && 'syscall' in cause)) return cause
    const advice =
      `is the engine running? ${messageOf(cause).includes('EACCES') ? 'may you use its socket?' : ''}`.trim()
    return new OutputError({ operation: 'reach container engine', subject: this.#name, cause, advice })
  }

  /** For errors. */
  get #name(): string {
    return `${this.#endpoint.url.href} (${this.#endpoint.origin})`
  }
}

/** Bytes of an answer. */
const LARGEST = 16 * 2 ** 20
/** Images looked at for layers that need not be sent. */
const MOST_IMAGES = 200
