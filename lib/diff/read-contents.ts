import { closeSync, constants, openSync, readSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { InputError } from '../errors.js'
import { type ByteString, textOf } from '../streams/bytes.js'
import type { Entry, EntryBatch } from './entry.js'
import { nativePath } from './read-header.js'

/** Bodies of one batch: enough that a batch costs nothing per file, little enough that many batches may wait. */
const ARENA_BYTES = 2 ** 20

/**
 * Up to here a file is read with synchronous calls, three of them, because for small files the way through a thread
 * and back costs several times what the reading does.
 */
const SMALL_FILE = 2 ** 18

/** A batch ends after this many items even where bodies are few. */
const BATCH_ITEMS = 2048

/** A link in the way is not followed, and opening a fifo that took a file's place does not wait. */
const OPEN_FLAGS = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK

/**
 * Puts the body of each file behind its entry. `locate` gives the path on this machine. A file that is not as long as
 * its entry says, when it is read, is an error.
 */
export async function* readContents(
  entries: AsyncIterable<readonly Entry[]>,
  locate: (entry: Entry) => ByteString
): AsyncGenerator<EntryBatch> {
  let arena = Buffer.allocUnsafeSlow(ARENA_BYTES)
  let used = 0
  let batch: (Entry | Buffer)[] = []
  for await (const some of entries) {
    for (const entry of some) {
      const small = entry.size <= SMALL_FILE
      if (batch.length >= BATCH_ITEMS || (small && used + entry.size + 1 > ARENA_BYTES)) {
        yield batch
        batch = []
        arena = Buffer.allocUnsafeSlow(ARENA_BYTES)
        used = 0
      }
      batch.push(entry)
      if (entry.type !== 'file' || entry.size === 0) continue
      if (small) {
        batch.push(readSmallFile(locate(entry), entry, arena.subarray(used)))
        used += entry.size
      } else {
        yield batch
        batch = []
        for await (const piece of readLargeFile(locate(entry), entry)) yield [piece]
      }
    }
  }
  if (batch.length > 0) yield batch
}

/** One byte more is asked for than there should be, so that a file that grew is noticed without another call. */
function readSmallFile(location: ByteString, entry: Entry, target: Buffer): Buffer {
  const file = attempt(location, () => openSync(nativePath(location), OPEN_FLAGS))
  try {
    let at = 0
    while (at <= entry.size) {
      const read = attempt(location, () => readSync(file, target, at, entry.size + 1 - at, at))
      if (read === 0) break
      at += read
    }
    if (at !== entry.size) throw changed(location, entry, at)
    return target.subarray(0, entry.size)
  } finally {
    closeSync(file)
  }
}

/** The body of one file, in pieces of about 1 MiB. */
export async function* readLargeFile(location: ByteString, entry: Entry): AsyncGenerator<Buffer> {
  const file = await open(nativePath(location), OPEN_FLAGS).catch((cause: unknown) => {
    throw unreadable(location, cause)
  })
  try {
    for (let at = 0; at <= entry.size; ) {
      const wanted = Math.min(ARENA_BYTES, entry.size + 1 - at)
      const { bytesRead, buffer } = await file.read(Buffer.allocUnsafeSlow(wanted), 0, wanted, at)
      at += bytesRead
      if (at > entry.size || (bytesRead === 0 && at < entry.size)) throw changed(location, entry, at)
      if (bytesRead === 0) break
      yield buffer.subarray(0, bytesRead)
    }
  } finally {
    await file.close()
  }
}

function attempt<T>(location: ByteString, call: () => T): T {
  try {
    return call()
  } catch (cause) {
    throw unreadable(location, cause)
  }
}

function unreadable(location: ByteString, cause: unknown): InputError {
  return new InputError({ operation: 'read file', subject: textOf(location), cause })
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
