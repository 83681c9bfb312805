import { rm } from 'node:fs/promises'
import { finished, type Readable, type Writable } from 'node:stream'
import type { ReaderOptions } from '../streams/body.js'
import { flow } from '../streams/flow.js'
import type { Blob, ByteRange } from './blob.js'
import type { Descriptor } from './descriptor.js'
import { createDigester, type Digest } from './digest.js'
import { createTemporaryFileWriter } from './file-writer.js'
import { follow } from './follow.js'
import { createGrower } from './growth.js'

/** A blob being written to a file, readable while it grows. */
export interface Spool {
  readonly path: string
  /** Takes Buffers. Its failure, or its destruction before the end, reaches every reader. */
  readonly writable: Writable
  /** Once all is written; rejects with the writer's failure. */
  readonly summary: Promise<SpoolSummary>
  /**
   * A reader from the start, or of a range, that follows the writer at its own pace; any number of them, also one
   * that goes on where another failed. It doesn't digest what it reads: this process has just written it.
   */
  open(range?: ByteRange, reader?: ReaderOptions): Readable
  /** Whether it comes to hold that many bytes; tells as soon as it does, or has ended with fewer. */
  reaches(bytes: number): Promise<boolean>
  /** Deletes the file. */
  remove(): Promise<void>
}

export interface SpoolSummary {
  readonly digest: Digest
  /** Bytes. */
  readonly size: number
}

/**
 * @param path of the file to be made; there must be none yet
 * @param known the digest of what will be written, if somebody else makes it
 */
export function createSpool(path: string, known?: Promise<Digest>): Spool {
  const grower = createGrower()
  const digester = createDigester(known)
  const writable = createTemporaryFileWriter(path, {
    onWrite: (chunk) => digester.update(chunk),
    onWritten: (bytes) => grower.add(bytes)
  })
  const summary = whenFinished(writable, (failure) => grower.end(failure)).then(async () => ({
    digest: await digester.finish(),
    size: grower.size
  }))
  summary.catch(() => {}) // readers and the writer's own pipeline report it, too
  return {
    path,
    writable,
    summary,
    open: (range, reader) => follow(path, grower, { range, reader }),
    reaches: async (bytes) => (await grower.beyond(bytes - 1)) >= bytes,
    remove: () => rm(path, { force: true })
  }
}

export interface SpoolOptions {
  readonly signal?: AbortSignal
  /** Gets the spool before anything is in it. */
  readonly onSpool?: (spool: Spool) => void
  /** Of the bytes, if somebody else makes it: settles once they have been read. */
  readonly digest?: Promise<Digest>
}

/**
 * Writes a stream of Buffers to a new file while digesting it, and gives it as a Blob.
 *
 * @param fields what the descriptor says besides digest and size
 */
export async function spoolBlob(
  source: Readable,
  path: string,
  fields: Omit<Descriptor, 'digest' | 'size'>,
  { signal, onSpool = () => {}, digest }: SpoolOptions = {}
): Promise<Blob> {
  const spool = createSpool(path, digest)
  onSpool(spool)
  await flow([source, spool.writable], signal)
  return blobOf(spool, fields)
}

/** The blob that a spool has become; waits for its end. */
export async function blobOf(
  { path, open, summary }: Omit<Spool, 'writable'>, // which would keep all streams before it, and what they hold
  fields: Omit<Descriptor, 'digest' | 'size'>
): Promise<Blob> {
  const { mediaType, ...rest } = fields
  const { digest, size } = await summary
  return {
    descriptor: { mediaType, digest, size, ...rest },
    open,
    file: path
  }
}

/** Calls `end` before it settles, so that what was written can be read to its end by then. */
function whenFinished(writable: Writable, end: (failure: Error | null) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    finished(writable, (error) => {
      end(error ?? null)
      if (error) reject(error)
      else resolve()
    })
  })
}
