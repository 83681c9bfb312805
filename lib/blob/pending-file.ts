import { createWriteStream } from 'node:fs'
import { type FileHandle, open, realpath, rename, rm, stat } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import type { Writable } from 'node:stream'
import { borrowWritable } from '../streams/borrow.js'
import { writePipe } from '../streams/named-pipe.js'
import { checkDestination } from './check-destination.js'
import { createFileWriter } from './file-writer.js'
import { fingerprintOf } from './fingerprint.js'
import { makeDirectory } from './make-directory.js'
import { openDescriptorOf } from './open-descriptor.js'
import { outputProblem } from './output-problem.js'
import { createPendingName, removeLeftovers } from './pending-name.js'
import { syncDirectory } from './sync-directory.js'

/** A file that is being written beside its destination, which stays as it is until `commit`. */
export interface PendingFile {
  readonly destination: string
  /** Where the bytes are meanwhile. */
  readonly path: string
  /** Appends to the file. End it, or destroy it, before `commit`. Failures are OutputErrors. */
  writable(): Writable
  /**
   * Makes the file durable, if it is to be, and puts it in the place of whatever is at the destination, in one step. Gives
   * its fingerprint, whatever has been put in its own place since; null where it can't be told, or something was written
   * to it meanwhile.
   */
  commit(): Promise<string | null>
  /** Removes what was written. Can be called at any time, any number of times; after `commit` it does nothing. */
  abandon(): Promise<void>
}

export interface PendingFileOptions {
  /** For a pipe that nobody reads yet. */
  readonly signal?: AbortSignal
  /** Whether the disk has it once it is committed. Without, a power cut may leave an empty or broken one. */
  readonly durable?: boolean
}

/**
 * Starts a file that will be complete or absent. Parents of the destination are made, and what dead processes left
 * there is removed. A link at the destination is followed. A pipe or a device can't be replaced: it is written to
 * directly, and neither commit nor abandon touches it. So is a file that a shell has opened as `/dev/stdout`.
 *
 * @throws OutputError if the destination can't be written
 */
export async function createPendingFile(
  destination: string,
  { signal, durable = true }: PendingFileOptions = {}
): Promise<PendingFile> {
  await checkDestination(destination, 'file')
  try {
    const target = await realpath(destination).catch(() => resolve(destination))
    const found = await stat(target).catch(() => null)
    if (found?.isFIFO()) return await openPipe(destination, target, signal)
    if (found && !found.isFile()) return await openDevice(destination, target)
    const descriptor = openDescriptorOf(destination)
    if (found && descriptor !== null) return writeDescriptor(destination, descriptor)
    await makeDirectory(dirname(target))
    await removeLeftovers(dirname(target))
    const path = join(dirname(target), createPendingName())
    return new ReplacingFile(destination, target, path, await open(path, 'wx'), durable)
  } catch (error) {
    throw outputProblem('create file', destination, error)
  }
}

/** The file stays open after its writer: it has to be synchronised yet, or, a device, can't be. */
function createAppender(file: FileHandle, subject: string, durable: boolean): Writable {
  return createFileWriter({
    explain: (error) => outputProblem('write', subject, error),
    open: async () => file,
    close: async () => {},
    durable
  })
}

class ReplacingFile implements PendingFile {
  readonly destination: string
  readonly path: string
  readonly #target: string
  readonly #file: FileHandle
  readonly #durable: boolean
  #committed = false

  constructor(destination: string, target: string, path: string, file: FileHandle, durable: boolean) {
    this.destination = destination
    this.path = path
    this.#target = target
    this.#file = file
    this.#durable = durable
  }

  writable(): Writable {
    return createAppender(this.#file, this.destination, this.#durable)
  }

  async commit(): Promise<string | null> {
    try {
      if (this.#durable) await this.#file.sync()
      const written = await this.#file.stat({ bigint: true })
      await rename(this.path, this.#target)
      this.#committed = true
      if (this.#durable) await syncDirectory(dirname(this.#target))
      const placed = await this.#file.stat({ bigint: true })
      await this.#file.close()
      const untouched = placed.size === written.size && placed.mtimeNs === written.mtimeNs
      return untouched ? fingerprintOf(placed) : null
    } catch (error) {
      throw outputProblem('write', this.destination, error)
    }
  }

  async abandon(): Promise<void> {
    await this.#file.close().catch(() => {})
    if (!this.#committed) await rm(this.path, { force: true })
  }
}

/** What can't be replaced is written to as it is, and only closed in the end. */
class DirectFile implements PendingFile {
  readonly destination: string
  readonly path: string
  readonly writable: () => Writable
  readonly #close: () => Promise<void>

  constructor(destination: string, path: string, writable: () => Writable, close: () => Promise<void>) {
    this.destination = destination
    this.path = path
    this.writable = writable
    this.#close = close
  }

  async commit(): Promise<null> {
    await this.#close()
    return null
  }

  abandon(): Promise<void> {
    return this.#close().catch(() => {})
  }
}

async function openPipe(destination: string, path: string, signal?: AbortSignal): Promise<PendingFile> {
  const pipe = await writePipe(path, signal)
  const writable = () => borrowWritable(pipe, (error) => outputProblem('write', destination, error))
  return new DirectFile(destination, path, writable, async () => void pipe.destroy())
}

async function openDevice(destination: string, path: string): Promise<PendingFile> {
  const file = await open(path, 'w')
  return new DirectFile(
    destination,
    path,
    () => createAppender(file, destination, false),
    () => file.close()
  )
}

/** What a shell has opened goes on where it is: `>>` is a wish to keep what was there. */
function writeDescriptor(destination: string, descriptor: number): PendingFile {
  const file = createWriteStream(destination, { fd: descriptor, autoClose: false })
  const writable = () => borrowWritable(file, (error) => outputProblem('write', destination, error))
  return new DirectFile(destination, destination, writable, async () => {})
}
