import type { FileHandle } from 'node:fs/promises'
import type { Entry, EntryBatch } from './entry.js'

/** Gives where in a spool an entry's body begins. */
export type LocateBody = (entry: Entry) => number

/** Puts behind each entry its body out of a spool. Small bodies that lie side by side cost one read together. */
export async function* spooledContents(
  entries: AsyncIterable<readonly Entry[]>,
  file: FileHandle,
  locate: LocateBody
): AsyncGenerator<EntryBatch> {
  let small: Entry[] = []
  let weight = 0
  for await (const some of entries) {
    for (const entry of some) {
      if (small.length >= BATCH_ENTRIES || weight + entry.size > BATCH_BYTES) {
        yield await readTogether(small, file, locate)
        small = []
        weight = 0
      }
      if (entry.size > BATCH_BYTES) yield* readInPieces(entry, file, locate(entry))
      else small.push(entry)
      if (entry.size <= BATCH_BYTES) weight += entry.size
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

/** Bodies that lie side by side, in the order in which they lie. */
interface Run {
  readonly offset: number
  readonly entries: Entry[]
  size: number
}

async function readTogether(entries: readonly Entry[], file: FileHandle, locate: LocateBody): Promise<EntryBatch> {
  const bodies = new Map<Entry, Buffer>()
  for (const run of runsOf(entries, locate)) {
    const bytes = await readRun(file, run.offset, run.size)
    let at = 0
    for (const entry of run.entries) bodies.set(entry, bytes.subarray(at, (at += entry.size)))
  }
  return entries.flatMap((entry) => {
    const body = bodies.get(entry)
    return body ? [entry, body] : [entry]
  })
}

function runsOf(entries: readonly Entry[], locate: LocateBody): readonly Run[] {
  const located = entries.filter(({ size }) => size > 0).map((entry) => ({ entry, offset: locate(entry) }))
  const runs: Run[] = []
  for (const { entry, offset } of located.sort((a, b) => a.offset - b.offset)) {
    const last = runs.at(-1)
    if (last === undefined || last.offset + last.size !== offset) {
      runs.push({ offset, entries: [entry], size: entry.size })
    } else {
      last.entries.push(entry)
      last.size += entry.size
    }
  }
  return runs
}

async function readRun(file: FileHandle, offset: number, size: number): Promise<Buffer> {
  const bytes = Buffer.allocUnsafeSlow(size)
  for (let at = 0; at < size; ) {
    const { bytesRead } = await file.read(bytes, at, size - at, offset + at)
    if (bytesRead === 0) throw new RangeError('a temporary file is shorter than what was written to it')
    at += bytesRead
  }
  return bytes
}

const BATCH_BYTES = 2 ** 20
const BATCH_ENTRIES = 2048
