import type { Hash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { type FileHandle, open, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { algorithmOf, type Digest, type DigestAlgorithm, finishDigest, startDigest } from '../../blob/digest.js'
import { writeAll } from '../../blob/write-all.js'
import { createLimit } from '../../graph/limit.js'
import { chunksOf } from './request-body.js'
import type { SessionFacts } from './session-facts.js'
import type { UploadSession } from './storage.js'
import type { UploadTargets } from './upload-sessions.js'

export interface SessionOptions {
  readonly facts: SessionFacts
  readonly path: string
  readonly offset: number
  /** Over the bytes so far; null where they came to an earlier process. */
  readonly hash: Hash | null
  readonly targets: UploadTargets
  readonly onEnd: () => void
}

/** An upload in a directory. */
export interface FileSession extends UploadSession {
  /** Milliseconds since it was last used; 0 while it is. */
  idle(): number
}

export function createUploadSession(options: SessionOptions): FileSession {
  return new DirectorySession(options)
}

class DirectorySession implements FileSession {
  readonly #options: SessionOptions
  readonly #turn = createLimit(1)
  #hash: Hash | null
  #offset: number
  #coming: Readable | null = null
  #users = 0
  #used = Date.now()

  constructor(options: SessionOptions) {
    this.#options = options
    this.#hash = options.hash
    this.#offset = options.offset
  }

  get id(): string {
    return this.#options.facts.id
  }

  get repository(): string {
    return this.#options.facts.repository
  }

  get offset(): number {
    return this.#offset
  }

  idle(): number {
    return this.#users > 0 ? 0 : Date.now() - this.#used
  }

  async exclusively<T>(work: () => Promise<T>): Promise<T> {
    // Who comes back to an upload has given up its older request, even if that connection does not know it yet.
    this.#coming?.destroy()
    this.#users += 1
    try {
      return await this.#turn.run(work)
    } finally {
      this.#users -= 1
      this.#used = Date.now()
    }
  }

  async append(body: Readable): Promise<void> {
    const file = await open(this.#data, 'r+')
    this.#coming = body
    try {
      for await (const block of batches(body)) await this.#write(file, block)
    } finally {
      this.#coming = null
      await file.close()
    }
  }

  async #write(file: FileHandle, block: readonly Buffer[]): Promise<void> {
    const writing = writeAll(file, block, this.#offset)
    const hash = this.#hash
    this.#hash = null // until the bytes are known to be in the file
    for (const chunk of block) hash?.update(chunk)
    const written = await writing
    this.#hash = hash
    this.#offset += written
  }

  async finish(digest: Digest): Promise<boolean> {
    await makeDurable(this.#data, this.#offset)
    const found = await this.#digest(algorithmOf(digest))
    if (found === digest) {
      // In this order: bytes that no repository shows may be collected.
      await this.#options.targets.repositories.addBlob(this.repository, digest)
      await this.#options.targets.contents.adopt(digest, this.#data)
    }
    await this.cancel()
    return found === digest
  }

  async cancel(): Promise<void> {
    await rm(this.#options.path, { recursive: true, force: true })
    this.#options.onEnd()
  }

  async #digest(algorithm: DigestAlgorithm): Promise<Digest> {
    const hash = this.#hash
    this.#hash = null
    if (hash && algorithm === this.#options.facts.algorithm) return finishDigest(hash, algorithm)
    const again = startDigest(algorithm)
    for await (const chunk of createReadStream(this.#data, { highWaterMark: BATCH })) again.update(chunk)
    return finishDigest(again, algorithm)
  }

  get #data(): string {
    return join(this.#options.path, 'data')
  }
}

/** Chunks in groups large enough to be worth a system call; what came before an error comes before it. */
async function* batches(body: Readable): AsyncGenerator<readonly Buffer[]> {
  let batch: Buffer[] = []
  let size = 0
  try {
    for await (const chunk of chunksOf(body)) {
      batch.push(chunk)
      size += chunk.length
      if (size < BATCH) continue
      const full = batch
      batch = []
      size = 0
      yield full
    }
  } catch (error) {
    if (batch.length > 0) yield batch
    throw error
  }
  if (batch.length > 0) yield batch
}

/** What a failed write left after the last whole one is cut off. */
async function makeDurable(path: string, size: number): Promise<void> {
  const file = await open(path, 'r+')
  try {
    await file.truncate(size)
    await file.sync()
  } finally {
    await file.close()
  }
}

const BATCH = 2 ** 20
