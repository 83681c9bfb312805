import { closeSync, constants, openSync, readSync } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'
import { InputError } from '../errors.js'
import type { ReaderOptions } from '../streams/body.js'
import { type ByteString, textOf } from '../streams/bytes.js'
import { giveBack, lend } from '../streams/loan.js'
import { spareBlocks } from '../streams/spare-blocks.js'
import type { Entry, EntryBatch } from './entry.js'
import { createFillingBatch } from './filling-batch.js'
import { nativePath } from './native-path.js'
import { readProblem } from './read-problem.js'

/**
 * Up to here a file is read with synchronous calls, three of them, because for small files the way through a thread
 * and back costs several times what the reading does.
 */
const SMALL_FILE = 2 ** 18

/** A link in the way is not followed, and opening a fifo that took a file's place does not wait. */
const OPEN_FLAGS = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK

/**
 * Puts the body of each file behind its entry. `locate` gives the path on this machine. A file that is not as long as
 * its entry says, when it is read, is an error.
 */
export async function* readContents(
  entries: AsyncIterable<readonly Entry[]>,
  locate: (entry: Entry) => ByteString,
  reader: ReaderOptions = {}
): AsyncGenerator<EntryBatch> {
  const filling = createFillingBatch(reader)
  for await (const some of entries) {
    for (const entry of some) {
      const small = entry.size <= SMALL_FILE
      if (!filling.hasRoom(small ? entry.size + 1 : 0)) yield filling.end()
      filling.add(entry)
      if (entry.type !== 'file' || entry.size === 0) continue
      if (small) {
        filling.addBody(entry.size, (target) => readSmallFile(locate(entry), entry, target))
      } else {
        yield filling.end()
        for await (const piece of readLargeFile(locate(entry), entry, reader))
          yield lend([piece], () => giveBack(piece))
      }
    }
  }
  yield filling.end()
}

/** One byte more is asked for than there should be, so that a file that grew is noticed without another call. */
function readSmallFile(location: ByteString, entry: Entry, target: Buffer): void {
  const file = attempt(location, () => openSync(nativePath(location), OPEN_FLAGS))
  try {
    let at = 0
    do {
      const read = attempt(location, () => readSync(file, target, at, entry.size + 1 - at, at))
      if (read === 0) break
      at += read
    } while (at < entry.size)
    if (at !== entry.size) throw changed(location, entry, at)
  } finally {
    closeSync(file)
  }
}

/** The body of one file, in pieces of about 1 MiB: the next is read while the reader has one. */
export async function* readLargeFile(
  location: ByteString,
  entry: Entry,
  { givesBack = false }: ReaderOptions = {}
): AsyncGenerator<Buffer> {
  const file = await open(nativePath(location), OPEN_FLAGS).catch((cause: unknown) => {
    throw unreadable(location, cause)
  })
  try {
    let next = readPiece(file, entry, 0)
    for (let at = 0; at <= entry.size; ) {
      const { memory, length } = await next
      at += length
      if (at > entry.size || (length === 0 && at < entry.size)) throw changed(location, entry, at)
      if (length === 0) return spareBlocks.give(memory)
      next = readPiece(file, entry, at)
      const piece = memory.subarray(0, length)
      yield givesBack ? lend(piece, () => spareBlocks.give(memory)) : piece
    }
  } finally {
    await file.close()
  }
}

interface Piece {
  readonly memory: Buffer
  readonly length: number
}

function readPiece(file: FileHandle, entry: Entry, at: number): Promise<Piece> {
  const memory = spareBlocks.take()
  const reading = file.read(memory, 0, Math.min(spareBlocks.size, entry.size + 1 - at), at)
  const piece = reading.then(({ bytesRead }) => ({ memory, length: bytesRead }))
  piece.catch(() => {}) // nobody may be waiting for it any more
  return piece
}

function attempt<T>(location: ByteString, call: () => T): T {
  try {
    return call()
  } catch (cause) {
    throw unreadable(location, cause)
  }
}

function unreadable(location: ByteString, cause: unknown): InputError {
  return readProblem('read file', textOf(location), cause)
}

function changed(location: ByteString, entry: Entry, found: number): InputError {
  return new InputError({
    operation: 'read file',
    subject: textOf(location),
    expected: `${entry.size} bytes, as when its directory was read`,
    found: found > entry.size ? `more than ${entry.size}` : `${found}`,
    advice: 'the file changed while it was read; try again when nobody writes to it'
  })
}
