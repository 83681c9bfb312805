import type { Hash } from 'node:crypto'
import { type Digest, digestOf, finishDigest, startDigest } from '../blob/digest.js'
import type { Entry } from '../diff/entry.js'
import { giveBack, lend } from '../streams/loan.js'
import type { TarBlock, TarMark } from '../tar/block.js'
import type { ChunkDigests } from './chunk-digests.js'
import { lengthOf, type Pieces } from './cut.js'

/** Consecutive bytes of a layer that are compressed on their own, so that what they begin with can be read alone. */
export interface Member {
  /** A file's contents, or a part of them; null only where no file has begun, or where headers go on for long. */
  readonly chunk: FileChunk | null
  /** What follows the chunk: padding and headers, up to the next file's contents. */
  readonly tail: Pieces
  /** Entries that are due: those whose headers lie in the tail, and at times a little behind it. */
  readonly marks: readonly TarMark[]
}

export interface FileChunk {
  readonly entry: Entry
  /** Bytes of the file before it. */
  readonly start: number
  readonly size: number
  readonly pieces: Pieces
  readonly digest: Digest
  /** The digest of the whole file, on its last chunk. */
  readonly file: Digest | null
}

/** What stargz and containerd cut files into, too; it is what a reader has to fetch for one byte. */
const CHUNK_SIZE = 2 ** 22

/** Where there are no files to begin a member, it ends here. */
const LONGEST_TAIL = 2 ** 20

/** So many bytes are handed on at once that even small files cost no promise each. */
const BATCH_SIZE = 2 ** 20

/**
 * All bytes of a layer as members, in order; where a member begins depends on the layer's bytes alone.
 *
 * @param blocks are given back
 * @param digests null where no other format is made of the layer
 * @returns what is lent, in their memory: to be given back in order
 */
export async function* cutMembers(
  blocks: AsyncIterable<TarBlock>,
  digests: ChunkDigests | null
): AsyncGenerator<readonly Member[]> {
  const cutter = new Cutter(digests)
  for await (const block of blocks) {
    cutter.push(block)
    if (cutter.weight >= BATCH_SIZE) yield cutter.take()
  }
  cutter.end()
  if (cutter.weight > 0) yield cutter.take()
}

class Cutter {
  weight = 0
  readonly #digests: ChunkDigests | null
  #members: Member[] = []
  /** Offset in the layer. */
  #at = 0
  /** Marks, of which those before the index `#next` have been reached. */
  #ahead: readonly TarMark[] = []
  #next = 0
  #file: OpenFile | null = null
  #chunk: FileChunk | null = null
  #marks: TarMark[] = []
  /** Of the chunk or the tail that is open. */
  #pieces: Buffer[] = []
  #length = 0
  /** Those that have not been given back, and will be with the batch that takes their last bytes. */
  #blocks: TarBlock[] = []

  constructor(digests: ChunkDigests | null) {
    this.#digests = digests
  }

  push(block: TarBlock): void {
    const { bytes, marks } = block
    this.#blocks.push(block)
    this.#ahead = [...this.#ahead.slice(this.#next), ...marks]
    this.#next = 0
    for (let offset = 0; offset < bytes.length; ) {
      const room = this.#file ? this.#roomInChunk(this.#file) : this.#roomInTail()
      const piece = bytes.subarray(offset, offset + room)
      offset += piece.length
      this.#add(piece)
    }
  }

  take(): readonly Member[] {
    const members = this.#members
    const blocks = this.#takeBlocks()
    this.#members = []
    this.weight = 0
    return lend(members, () => blocks.forEach(giveBack))
  }

  /** All but those in which the open member lies. */
  #takeBlocks(): readonly TarBlock[] {
    let open = this.#length + (this.#chunk?.size ?? 0)
    let kept = this.#blocks.length
    for (; kept > 0 && open > 0; kept -= 1) open -= this.#blocks[kept - 1]?.bytes.length ?? 0
    return this.#blocks.splice(0, kept)
  }

  end(): void {
    if (this.#chunk || this.#length > 0) this.#endMember()
  }

  #roomInChunk({ entry, done }: OpenFile): number {
    return Math.min(CHUNK_SIZE - this.#length, entry.size - done)
  }

  #roomInTail(): number {
    const file = this.#nextFile()
    if (!file) return LONGEST_TAIL - this.#length
    if (file.body > this.#at) return Math.min(file.body - this.#at, LONGEST_TAIL - this.#length)
    this.#openFile(file)
    return Math.min(CHUNK_SIZE, file.entry.size)
  }

  /** The mark of the next file with contents, if it is known by now. Those before it are due. */
  #nextFile(): TarMark | null {
    for (; this.#next < this.#ahead.length; this.#next += 1) {
      const mark = this.#ahead[this.#next]
      if (mark && mark.entry.size > 0) return mark
      if (mark) this.#marks.push(mark)
    }
    return null
  }

  #openFile(mark: TarMark): void {
    this.#marks.push(mark)
    this.#next += 1
    this.#endMember()
    this.#file = { entry: mark.entry, done: 0, running: mark.entry.size > CHUNK_SIZE ? startDigest() : null }
  }

  #add(piece: Buffer): void {
    this.#pieces.push(piece)
    this.#length += piece.length
    this.#at += piece.length
    this.weight += piece.length
    if (this.#file) this.#advance(this.#file, piece.length)
    else if (this.#length === LONGEST_TAIL) this.#endMember()
  }

  #advance(file: OpenFile, length: number): void {
    file.done += length
    if (this.#roomInChunk(file) > 0) return
    this.#chunk = chunkOf(file, this.#pieces, this.#length, this.#digests)
    this.#pieces = []
    this.#length = 0
    if (file.done === file.entry.size) this.#file = null
    else this.#endMember()
  }

  #endMember(): void {
    this.#members.push({ chunk: this.#chunk, tail: this.#pieces, marks: this.#marks })
    this.#chunk = null
    this.#marks = []
    this.#pieces = []
    this.#length = 0
  }
}

interface OpenFile {
  readonly entry: Entry
  /** Bytes that have been seen. */
  done: number
  /** Null where one chunk holds the whole file. */
  readonly running: Hash | null
}

function chunkOf(
  { entry, done, running }: OpenFile,
  pieces: Pieces,
  size: number,
  digests: ChunkDigests | null
): FileChunk {
  for (const piece of pieces) running?.update(piece)
  const start = done - size
  const make = (): Digest => digestOfPieces(pieces)
  const digest = digests ? digests.find(entry, start / CHUNK_SIZE, make) : make()
  const file = done < entry.size ? null : running ? finishDigest(running) : digest
  return { entry, start, size, pieces, digest, file }
}

/** A layer has thousands of small chunks, nearly all in one piece, which is digested at once in half the time. */
function digestOfPieces(pieces: Pieces): Digest {
  const [only] = pieces
  if (pieces.length === 1 && only) return digestOf(only)
  const running = startDigest()
  for (const piece of pieces) running.update(piece)
  return finishDigest(running)
}

/** All bytes of a member. */
export function piecesOf({ chunk, tail }: Member): Pieces {
  return chunk ? [...chunk.pieces, ...tail] : tail
}

export function weightOf(members: readonly Member[]): number {
  return members.reduce((total, member) => total + lengthOf(piecesOf(member)), 0)
}
