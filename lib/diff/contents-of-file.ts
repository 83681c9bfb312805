import { readSync } from 'node:fs'
import type { FileHandle } from 'node:fs/promises'
import { InputError } from '../errors.js'
import type { Entry, EntryBatch } from './entry.js'

/** Gives where in its file an entry's body begins. */
export type LocateBody = (entry: Entry) => number

/** Puts behind each entry its body out of a file. Small bodies that lie close together cost one read. */
export async function* contentsOfFile(
  entries: AsyncIterable<readonly Entry[]>,
  file: FileHandle,
  locate: LocateBody
): AsyncGenerator<EntryBatch> {
  let small: Entry[] = []
  let weight = 0
  for await (const some of entries) {
    for (const entry of some) {
      if (small.length >= BATCH_ENTRIES || (small.length > 0 && weight + entry.size > BATCH_BYTES)) {
        yield await readTogether(small, file, locate)
        small = []
        weight = 0
      }
      if (entry.size > BATCH_BYTES) {
        yield* readInPieces(entry, file, locate(entry))
      } else {
        small.push(entry)
        weight += entry.size
      }
    }
  }
  if (small.length > 0) yield await readTogether(small, file, locate)
}

async function* readInPieces(entry: Entry, file: FileHandle, offset: number): AsyncGenerator<EntryBatch> {
  yield [entry]
  for (let at = 0; at < entry.size; at += BATCH_BYTES) {
    yield [await readRun(file, offset + at, Math.min(BATCH_BYTES, entry.size - at))]
  }
}

interface Located {
  readonly entry: Entry
  readonly offset: number
}

/** Bodies that lie close together, in the order in which they lie. */
interface Run {
  readonly bodies: Located[]
  readonly start: number
  end: number
}

async function readTogether(entries: readonly Entry[], file: FileHandle, locate: LocateBody): Promise<EntryBatch> {
  const bodies = new Map<Entry, Buffer>()
  for (const run of runsOf(entries, locate)) {
    const bytes = await readRun(file, run.start, run.end - run.start)
    for (const { entry, offset } of run.bodies) {
      const at = offset - run.start
      bodies.set(entry, bytes.subarray(at, at + entry.size))
    }
  }
  return entries.flatMap((entry) => {
    const body = bodies.get(entry)
    return body ? [entry, body] : [entry]
  })
}

function runsOf(entries: readonly Entry[], locate: LocateBody): readonly Run[] {
  const located = entries.filter(({ size }) => size > 0).map((entry) => ({ entry, offset: locate(entry) }))
  const runs: Run[] = []
  for (const body of located.sort((a, b) => a.offset - b.offset)) {
    const { offset, entry } = body
    const last = runs.at(-1)
    if (last === undefined || offset > last.end + LARGEST_GAP) {
      runs.push({ bodies: [body], start: offset, end: offset + entry.size })
    } else {
      last.bodies.push(body)
      last.end = offset + entry.size
    }
  }
  return runs
}

async function readRun(file: FileHandle, offset: number, size: number): Promise<Buffer> {
  const bytes = Buffer.allocUnsafeSlow(size)
  for (let at = 0; at < size; ) {
    const bytesRead =
      size <= SMALL_RUN
        ? readSync(file.fd, bytes, at, size - at, offset + at)
        : (await file.read(bytes, at, size - at, offset + at)).bytesRead
    if (bytesRead === 0) throw cutOff(offset + size)
    at += bytesRead
  }
  return bytes
}

function cutOff(end: number): InputError {
  return new InputError({
    operation: 'read contents',
    subject: 'what was indexed before',
    expected: `a file of at least ${end} bytes, as it was`,
    found: 'a shorter one',
    advice: 'the file was cut while it was read; try again when nobody writes to it'
  })
}

/** What lies between bodies in a tar: headers and padding. */
const LARGEST_GAP = 4096
/** Up to here a synchronous read costs less than the way to a thread and back; the bytes were touched just before. */
const SMALL_RUN = 2 ** 18
const BATCH_BYTES = 2 ** 20
const BATCH_ENTRIES = 2048
