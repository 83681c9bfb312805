import { type FileHandle, open } from 'node:fs/promises'
import { Readable } from 'node:stream'
import { InputError } from '../errors.js'
import type { ReaderOptions } from '../streams/body.js'
import { lend } from '../streams/loan.js'
import { type SpareBlocks, spareBlocks, spareBlocksOf } from '../streams/spare-blocks.js'
import type { ByteRange } from './blob.js'
import type { Growth } from './growth.js'

/**
 * Reads a file while it grows: waits at the end of what is there, and ends where the writer ended. The writer's
 * failure is the reader's, even while there are bytes left to read: they are worth nothing any more.
 */
export function follow(path: string, growth: Growth, options: FollowOptions = {}): Readable {
  return new Follower(path, growth, options)
}

export interface FollowOptions {
  /** By default from the start to the end. */
  readonly range?: ByteRange | undefined
  readonly reader?: ReaderOptions | undefined
}

/** As much as a reader holds that keeps what it gets; a spool may have many. Who gives back gets whole blocks. */
const CHUNK = 256 * 1024

const WHOLE: ByteRange = { start: 0, end: Infinity }

class Follower extends Readable {
  readonly #path: string
  readonly #growth: Growth
  readonly #range: ByteRange
  readonly #lends: boolean
  readonly #spares: SpareBlocks
  #file: FileHandle | null = null
  #at: number

  constructor(path: string, growth: Growth, { range = WHOLE, reader = {} }: FollowOptions) {
    super({ highWaterMark: CHUNK })
    this.#path = path
    this.#growth = growth
    this.#range = range
    this.#lends = reader.givesBack ?? false
    this.#spares = this.#lends ? spareBlocks : spareBlocksOf(CHUNK)
    this.#at = range.start
  }

  override _read(): void {
    this.#next().then(
      (chunk) => this.push(chunk),
      (error: Error) => this.destroy(error)
    )
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    if (this.#file) this.#file.close().then(() => done(error), done)
    else done(error)
  }

  async #next(): Promise<Buffer | null> {
    const { end } = this.#range
    const size = this.#at < end ? await this.#growth.beyond(this.#at) : this.#growth.size
    if (this.#growth.failure) throw this.#growth.failure
    const available = Math.min(size, end) - this.#at
    if (available <= 0) return this.#ended(size)
    return this.#readAt(await this.#opened(), Math.min(available, this.#spares.size))
  }

  /** Not before there is something to read: the writer makes the file. */
  async #opened(): Promise<FileHandle> {
    if (this.#file) return this.#file
    const file = await open(this.#path, 'r')
    if (this.destroyed) await file.close()
    this.#file = file
    return file
  }

  async #readAt(file: FileHandle, length: number): Promise<Buffer> {
    const memory = this.#spares.take()
    const { bytesRead } = await file.read(memory, 0, length, this.#at)
    if (bytesRead === 0) throw this.#shorter(`${this.#at} bytes`)
    this.#at += bytesRead
    const chunk = memory.subarray(0, bytesRead)
    return this.#lends ? lend(chunk, () => this.#spares.give(memory)) : chunk
  }

  #ended(size: number): null {
    if (this.#range.end !== Infinity && size < this.#range.end) throw this.#shorter(`${size} bytes`)
    return null
  }

  #shorter(found: string): InputError {
    const expected = this.#range.end === Infinity ? 'what was written to it' : `at least ${this.#range.end} bytes`
    return new InputError({ operation: 'read spooled blob', subject: this.#path, expected, found })
  }
}
