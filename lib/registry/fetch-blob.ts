import { Readable } from 'node:stream'
import type { Blob, ByteRange } from '../blob/blob.js'
import type { Descriptor } from '../blob/descriptor.js'
import { verifyBytes } from '../blob/verify.js'
import { chain } from '../streams/body.js'
import type { Remote } from './client.js'
import type { Answer, Ask } from './connection.js'
import { RegistryError } from './problem.js'
import { isTemporary, TemporaryError } from './retry.js'
import { pullScopes } from './scopes.js'

/** A blob in a registry. Nothing is asked before it is opened; each reader fetches it anew, verified as it passes. */
export function registryBlob(remote: Remote, descriptor: Descriptor, signal?: AbortSignal): Blob {
  const { host, repository } = remote
  return {
    descriptor,
    origin: { host, repository },
    open(range) {
      const span = range ?? { start: 0, end: descriptor.size }
      const bytes = Readable.from(new Download(remote, descriptor, span, signal).chunks(), { objectMode: false })
      return range ? bytes : chain(bytes, [verifyBytes(descriptor, remote.subject)])
    }
  }
}

/** One reading of a blob, which goes on by closed ranges where a connection broke. */
class Download {
  readonly #remote: Remote
  readonly #ask: Ask
  readonly #size: number
  readonly #end: number
  #at: number
  /** Where redirects led to: the rest comes from there too, for as long as it lasts. */
  #direct: URL | null = null

  constructor(remote: Remote, { digest, size }: Descriptor, range: ByteRange, signal?: AbortSignal) {
    this.#remote = remote
    this.#size = size
    this.#at = range.start
    this.#end = range.end
    this.#ask = {
      operation: 'pull blob',
      subject: `${remote.subject}, blob ${digest}`,
      method: 'GET',
      to: `/v2/${remote.repository}/blobs/${digest}`,
      scopes: pullScopes(remote.repository),
      expect: [200, 206],
      signal
    }
  }

  async *chunks(): AsyncGenerator<Buffer> {
    const release = await this.#remote.downloads.take(1)
    try {
      // An empty blob is asked for, too: it may be missing.
      do yield* this.#untilItBreaks()
      while (this.#at < this.#end)
    } finally {
      release()
    }
  }

  /** Chunks of one connection. Only a failure without any progress counts against the number of attempts. */
  async *#untilItBreaks(): AsyncGenerator<Buffer> {
    const { answer, chunks, first } = await this.#remote.connection.retry(() => this.#open(), this.#ask.signal)
    try {
      if (first) yield this.#count(first)
      for (let next = await chunks.next(); !next.done; next = await chunks.next()) yield this.#count(next.value)
    } catch (error) {
      if (!isTemporary(error)) throw error
    } finally {
      answer.body.destroy()
    }
  }

  async #open(): Promise<Opened> {
    const answer = await this.#answer()
    const skipped = this.#skipped(answer)
    const wanted = answer.status === 200 && this.#end < this.#size ? this.#end - this.#at : Infinity
    const chunks = chunksFrom(answer.body, skipped, wanted)
    try {
      const { value: first, done } = await chunks.next()
      if (done && this.#at < this.#end) throw this.#tooShort()
      return { answer, chunks, first: first ?? null }
    } catch (error) {
      answer.body.on('error', () => {}).destroy()
      throw error
    }
  }

  async #answer(): Promise<Answer> {
    const whole = this.#at === 0 && this.#end === this.#size
    const headers = whole ? {} : { range: `bytes=${this.#at}-${this.#end - 1}` }
    if (this.#direct) {
      const answer = await this.#remote.connection
        .open({ ...this.#ask, to: this.#direct, headers, follow: false })
        .catch((error: unknown) => this.#giveUpDirect(error))
      if (answer) return answer
    }
    const answer = await this.#remote.connection.open({ ...this.#ask, headers })
    this.#direct = answer.url
    return answer
  }

  /** A signed link ends after a while: then the registry is asked for a new one. A redirect there is not followed. */
  #giveUpDirect(error: unknown): null {
    const status = error instanceof RegistryError ? error.status : null
    if (status === null || status < 400 || isTemporary(error)) throw error
    this.#direct = null
    return null
  }

  /** How many bytes come before those that are wanted: all of them where the range was ignored. */
  #skipped(answer: Answer): number {
    const { operation, subject } = this.#ask
    const [, start] = /^bytes (\d+)-/.exec(answer.header('content-range') ?? '') ?? []
    if (answer.status === 206 && Number(start) !== this.#at) {
      const found = answer.header('content-range') ?? 'no Content-Range'
      throw new RegistryError({ operation, subject, expected: `bytes from ${this.#at}`, found })
    }
    const length = answer.header('content-length')
    const expected = answer.status === 206 ? this.#end - this.#at : this.#size
    if (length !== undefined && Number(length) !== expected) {
      throw new RegistryError({ operation, subject, expected: `${expected} bytes`, found: `${length}` })
    }
    return answer.status === 206 ? 0 : this.#at
  }

  #count(chunk: Buffer): Buffer {
    this.#at += chunk.length
    if (this.#at <= this.#end) return chunk
    const { operation, subject } = this.#ask
    throw new RegistryError({ operation, subject, expected: `${this.#size} bytes`, found: 'more' })
  }

  #tooShort(): TemporaryError {
    const { operation, subject } = this.#ask
    const found = `an end after ${this.#at}`
    return new TemporaryError(new RegistryError({ operation, subject, expected: `${this.#end} bytes`, found }), null)
  }
}

interface Opened {
  readonly answer: Answer
  readonly chunks: AsyncGenerator<Buffer>
  readonly first: Buffer | null
}

/** The chunks of a body without its first `skip` bytes, and no more than `wanted` of the others. */
async function* chunksFrom(body: Readable, skip: number, wanted: number): AsyncGenerator<Buffer> {
  let before = skip
  let left = wanted
  for await (const chunk of body as AsyncIterable<Buffer>) {
    const rest = chunk.subarray(before, before + Math.min(left, chunk.length))
    before = Math.max(0, before - chunk.length)
    left -= rest.length
    if (rest.length > 0) yield rest
    if (left === 0) return
  }
}
