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
  const reading = { file, locate, scratch: Buffer.allocUnsafeSlow(LARGEST_RUN) }
  let small: Entry[] = []
  let weight = 0
  for await (const some of entries) {
    for (const entry of some) {
      if (small.length >= BATCH_ENTRIES || (small.length > 0 && weight + entry.size > BATCH_BYTES)) {
        yield await readTogether(small, reading)
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
  if (small.length > 0) yield await readTogether(small, reading)
}

async function* readInPieces(entry: Entry, file: FileHandle, offset: number): AsyncGenerator<EntryBatch> {
  yield [entry]
  for (let at = 0; at < entry.size; at += BATCH_BYTES) {
    const piece = Buffer.allocUnsafeSlow(Math.min(BATCH_BYTES, entry.size - at))
    await readFully(file, piece, offset + at)
    yield [piece]
  }
}

interface Reading {
  readonly file: FileHandle
  readonly locate: LocateBody
  /** For bytes that are copied from there at once. */
  readonly scratch: Buffer
}

/** Where a body lies in the file, and where it goes. */
interface Move {
  readonly offset: number
  readonly target: Buffer
}

/** Bodies that lie close together, in the order in which they lie. */
interface Run {
  readonly moves: Move[]
  readonly start: number
  end: number
}

/** Into one buffer that holds nothing else: batches are let go of faster than memory is cleaned up. */
async function readTogether(entries: readonly Entry[], { file, locate, scratch }: Reading): Promise<EntryBatch> {
  const arena = Buffer.allocUnsafeSlow(entries.reduce((sum, { size }) => sum + size, 0))
  const batch: (Entry | Buffer)[] = []
  const moves: Move[] = []
  let used = 0
  for (const entry of entries) {
    batch.push(entry)
    if (entry.size === 0) continue
    const target = arena.subarray(used, (used += entry.size))
    batch.push(target)
    moves.push({ offset: locate(entry), target })
  }
  for (const run of runsOf(moves)) await readRun(run, file, scratch)
  return batch
}

function runsOf(moves: Move[]): readonly Run[] {
  const runs: Run[] = []
  for (const move of moves.sort((a, b) => a.offset - b.offset)) {
    const end = move.offset + move.target.length
    const last = runs.at(-1)
    if (last && move.offset <= last.end + LARGEST_GAP && end <= last.start + LARGEST_RUN) {
      last.moves.push(move)
      last.end = end
    } else {
      runs.push({ moves: [move], start: move.offset, end })
    }
  }
  return runs
}

/** The bytes were touched just before, so that a synchronous read costs less than the way to a thread and back. */
async function readRun({ moves, start, end }: Run, file: FileHandle, scratch: Buffer): Promise<void> {
  const [only] = moves
  if (only && end - start > LARGEST_RUN) return readFully(file, only.target, start)
  for (let at = start; at < end; ) {
    const count = readSync(file.fd, scratch, at - start, end - at, at)
    if (count === 0) throw cutOff(end)
    at += count
  }
  for (const { offset, target } of moves) scratch.copy(target, 0, offset - start)
}

async function readFully(file: FileHandle, target: Buffer, offset: number): Promise<void> {
  for (let at = 0; at < target.length; ) {
    const { bytesRead } = await file.read(target, at, target.length - at, offset + at)
    if (bytesRead === 0) throw cutOff(offset + target.length)
    at += bytesRead
  }
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
const LARGEST_RUN = 2 ** 18
const BATCH_BYTES = 2 ** 20
const BATCH_ENTRIES = 2048
