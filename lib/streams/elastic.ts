import { type FileHandle, open, unlink } from 'node:fs/promises'
import { Duplex } from 'node:stream'
import { errorOf } from '../errors.js'

export interface ElasticOptions {
  /** Gives the path for a temporary file, asked for when memory is full. */
  readonly temporary: () => Promise<string>
  /** Bytes held in memory before the file is used. Default 4 MiB. */
  readonly memory?: number
  /** Bytes that the file may hold; when they are full the writer has to wait after all. Default 8 GiB. */
  readonly quota?: number
}

/**
 * Passes bytes on in order and takes them as fast as they come: what the reader has not taken waits in memory, and
 * more than that in a temporary file, used as a ring. It stands before a slow reader whose source others share.
 */
export function createElastic(options: ElasticOptions): Duplex {
  return new Elastic(options)
}

const MEBIBYTE = 2 ** 20
/** Read back at a time. */
const PIECE = MEBIBYTE

class Elastic extends Duplex {
  readonly #options: ElasticOptions
  readonly #memory: number
  readonly #quota: number
  readonly #held: Buffer[] = []
  #heldBytes = 0
  #file: FileHandle | null = null
  /** Bytes ever written to the file and ever read back from it: positions in the ring, not yet wrapped. */
  #tail = 0
  #head = 0
  #wanted = false
  #reading = false
  #ended = false
  #onRoom: (() => void) | null = null

  constructor(options: ElasticOptions) {
    super({ readableHighWaterMark: MEBIBYTE, writableHighWaterMark: MEBIBYTE })
    this.#options = options
    this.#memory = options.memory ?? 4 * MEBIBYTE
    this.#quota = options.quota ?? 8 * 2 ** 30
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    if (this.#head === this.#tail && this.#heldBytes + chunk.length <= this.#memory) {
      this.#held.push(chunk)
      this.#heldBytes += chunk.length
      this.#feed()
      done()
    } else {
      this.#spill(chunk).then(() => done(), done)
    }
  }

  override _final(done: () => void): void {
    this.#ended = true
    this.#feed()
    done()
  }

  override _read(): void {
    this.#wanted = true
    this.#feed()
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.#onRoom?.()
    const closed = this.#file?.close() ?? Promise.resolve()
    closed.then(
      () => done(error),
      () => done(error)
    )
  }

  /** What is held in memory is older than all that is in the file. */
  #feed(): void {
    while (this.#wanted) {
      const chunk = this.#held.shift()
      if (chunk === undefined) break
      this.#heldBytes -= chunk.length
      this.#wanted = this.push(chunk)
    }
    if (!this.#wanted || this.#reading) return
    if (this.#head < this.#tail) void this.#readBack()
    else if (this.#ended) this.push(null)
  }

  async #spill(chunk: Buffer): Promise<void> {
    this.#file ??= await openUnnamed(await this.#options.temporary())
    for (let at = 0; at < chunk.length && !this.destroyed; ) {
      const room = Math.min(this.#quota - (this.#tail - this.#head), this.#untilWrap(this.#tail))
      if (room === 0) {
        await new Promise<void>((resolve) => (this.#onRoom = resolve))
        continue
      }
      const { bytesWritten } = await this.#file.write(
        chunk,
        at,
        Math.min(room, chunk.length - at),
        this.#tail % this.#quota
      )
      at += bytesWritten
      this.#tail += bytesWritten
      this.#feed()
    }
  }

  async #readBack(): Promise<void> {
    this.#reading = true
    try {
      while (this.#wanted && this.#head < this.#tail && this.#file) {
        const length = Math.min(PIECE, this.#tail - this.#head, this.#untilWrap(this.#head))
        const { buffer, bytesRead } = await this.#file.read(
          Buffer.allocUnsafe(length),
          0,
          length,
          this.#head % this.#quota
        )
        this.#head += bytesRead
        this.#wanted = this.push(buffer.subarray(0, bytesRead))
        this.#onRoom?.()
        this.#onRoom = null
      }
    } catch (error) {
      this.destroy(errorOf(error))
    }
    this.#reading = false
    if (!this.destroyed) this.#feed()
  }

  #untilWrap(position: number): number {
    return this.#quota - (position % this.#quota)
  }
}

/** Opens a new file and takes its name away: whatever happens, it is gone when it is closed. */
async function openUnnamed(path: string): Promise<FileHandle> {
  const file = await open(path, 'wx+', 0o600)
  await unlink(path)
  return file
}
