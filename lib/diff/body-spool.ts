import { createReadStream } from 'node:fs'
import { type FileHandle, open, rm } from 'node:fs/promises'
import { Readable } from 'node:stream'
import { OutputError } from '../errors.js'

/** Bodies one behind the other in one temporary file. First all are appended, then any are read. */
export interface BodySpool {
  /** Where the next body will begin. */
  readonly length: number
  append(pieces: readonly Buffer[]): Promise<void>
  /** Says that nothing will be appended any more. */
  seal(): Promise<void>
  /** For reading many bodies; whoever opens it closes it. */
  open(): Promise<FileHandle>
  /** One body. */
  stream(offset: number, size: number): Readable
  remove(): Promise<void>
}

/** A spool at `path`, where nothing is yet. Throws OutputError where it can't be written. */
export async function createBodySpool(path: string): Promise<BodySpool> {
  const file = await open(path, 'wx', 0o600).catch((cause: unknown) => {
    throw unwritable(path, { cause })
  })
  let length = 0
  return {
    get length() {
      return length
    },
    async append(pieces) {
      const size = pieces.reduce((sum, piece) => sum + piece.length, 0)
      if (size === 0) return
      const { bytesWritten } = await file.writev(pieces).catch((cause: unknown) => {
        throw unwritable(path, { cause })
      })
      if (bytesWritten < size) throw unwritable(path, { expected: `room for ${size} bytes`, found: `${bytesWritten}` })
      length += size
    },
    seal: () => file.close(),
    open: () => open(path, 'r'),
    stream: (offset, size) =>
      size === 0 ? Readable.from([]) : createReadStream(path, { start: offset, end: offset + size - 1 }),
    async remove() {
      await file.close().catch(() => {}) // it may have been sealed
      await rm(path, { force: true })
    }
  }
}

function unwritable(path: string, details: { cause?: unknown; expected?: string; found?: string }): OutputError {
  const advice = 'free space there, or set TMPDIR to a directory that has some'
  return new OutputError({ operation: 'write temporary file', subject: path, advice, ...details })
}
