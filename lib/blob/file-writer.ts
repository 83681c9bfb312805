import { type FileHandle, open } from 'node:fs/promises'
import { Writable } from 'node:stream'
import { giveBack } from '../streams/loan.js'
import { temporaryProblem } from './output-problem.js'
import { writeAll } from './write-all.js'

export interface FileWriterOptions {
  /** Puts a failed write in words. */
  readonly explain: (error: unknown) => Error
  readonly open: () => Promise<FileHandle>
  /** Called once the stream has ended or was destroyed, if the file was opened. */
  readonly close: (file: FileHandle) => Promise<void>
  /** Whether what is written goes to the disk already meanwhile, because it will have to be there. Default false. */
  readonly durable?: boolean
}

export interface FileWriterEvents {
  /** Called with chunks while they are on their way to the disk: the moment to digest them. */
  readonly onWrite?: (chunk: Buffer) => void
  /** Called with the number of bytes that have reached the file. */
  readonly onWritten?: (bytes: number) => void
}

/**
 * Appends bytes to a file, all chunks that wait in one system call, and gives them back.
 */
export function createFileWriter(options: FileWriterOptions): Writable {
  return new FileWriter(options)
}

/** As `createFileWriter`, to a new file where temporary ones are. */
export function createTemporaryFileWriter(path: string, events: FileWriterEvents = {}): Writable {
  return new FileWriter({
    explain: (error) => temporaryProblem(path, error),
    open: () => open(path, 'wx', 0o600),
    close: (file) => file.close(),
    ...events
  })
}

// Held while the disk is slower than the source. More would only be memory.
const BATCH = 4 * 2 ** 20

// Sent to the disk at a time: enough that a disk does not care, little enough that the end has not long to wait.
const FLUSHED = 4 * 2 ** 20

type Done = (error?: Error | null) => void

class FileWriter extends Writable {
  readonly #options: FileWriterOptions & FileWriterEvents
  #file: FileHandle | null = null
  #unflushed = 0
  #flushing = false
  #flushed = Promise.resolve()

  constructor(options: FileWriterOptions & FileWriterEvents) {
    super({ highWaterMark: BATCH })
    this.#options = options
  }

  override _construct(done: Done): void {
    this.#settle(this.#open(), done)
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: Done): void {
    this.#settle(this.#append([chunk]), done)
  }

  override _writev(items: readonly { readonly chunk: Buffer }[], done: Done): void {
    this.#settle(this.#append(items.map((item) => item.chunk)), done)
  }

  override _final(done: Done): void {
    this.#settle(this.#flushed, done)
  }

  override _destroy(error: Error | null, done: Done): void {
    const closed = this.#file ? this.#options.close(this.#file) : Promise.resolve()
    this.#settle(closed, (failure) => done(error ?? failure))
  }

  async #open(): Promise<void> {
    this.#file = await this.#options.open()
  }

  async #append(chunks: readonly Buffer[]): Promise<void> {
    const { onWrite, onWritten } = this.#options
    if (this.#file === null) return
    const writing = writeAll(this.#file, chunks)
    if (onWrite) for (const chunk of chunks) onWrite(chunk)
    const written = await writing
    for (const chunk of chunks) giveBack(chunk)
    onWritten?.(written)
    if (this.#options.durable) await this.#flush(this.#file, written)
  }

  /** In the background, once at a time. Its failure is told by the next: the kernel tells of it only once. */
  async #flush(file: FileHandle, written: number): Promise<void> {
    this.#unflushed += written
    if (this.#flushing || this.#unflushed < FLUSHED) return
    await this.#flushed
    this.#unflushed = 0
    this.#flushing = true
    this.#flushed = file.datasync().finally(() => {
      this.#flushing = false
    })
    this.#flushed.catch(() => {}) // seen by who waits for it
  }

  #settle(work: Promise<void>, done: Done): void {
    work.then(
      () => done(),
      (error: unknown) => done(this.#options.explain(error))
    )
  }
}
