import { createReadStream } from 'node:fs'
import { type FileHandle, open, rm } from 'node:fs/promises'
import { Readable } from 'node:stream'
import { temporaryProblem } from '../blob/output-problem.js'
import { writeAll } from '../blob/write-all.js'

/** Bodies that lie in one file. */
export interface Bodies {
  /** For reading many of them; whoever opens it closes it. */
  open(): Promise<FileHandle>
  /** One of them. */
  stream(offset: number, size: number): Readable
  remove(): Promise<void>
}

/** Bodies one behind the other in a temporary file. First all are appended, then any are read. */
export interface BodySpool extends Bodies {
  /** Where the next body will begin. */
  readonly length: number
  append(pieces: readonly Buffer[]): Promise<void>
  /** Says that nothing will be appended any more. */
  seal(): Promise<void>
}

/** Bodies in a file that is somebody else's, and that `remove` leaves alone. */
export function bodiesInFile(path: string): Bodies {
  return {
    open: () => open(path, 'r'),
    stream: (offset, size) =>
      size === 0 ? Readable.from([]) : createReadStream(path, { start: offset, end: offset + size - 1 }),
    remove: async () => {}
  }
}

/** A spool at `path`, where nothing is yet. Throws OutputError where it can't be written. */
export async function createBodySpool(path: string): Promise<BodySpool> {
  const file = await open(path, 'wx', 0o600).catch((cause: unknown) => {
    throw temporaryProblem(path, cause)
  })
  let length = 0
  return {
    ...bodiesInFile(path),
    get length() {
      return length
    },
    async append(pieces) {
      if (pieces.length === 0) return
      const written = await writeAll(file, pieces).catch((cause: unknown) => {
        throw temporaryProblem(path, cause)
      })
      length += written
    },
    seal: () => file.close(),
    async remove() {
      await file.close().catch(() => {}) // it may have been sealed
      await rm(path, { force: true })
    }
  }
}
