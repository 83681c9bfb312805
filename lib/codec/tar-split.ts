import type { Entry } from '../diff/entry.js'
import { textOf } from '../streams/bytes.js'
import type { TarMark } from '../tar/block.js'
import { encodeEntry } from '../tar/encode.js'
import { nameOf, paddingOf } from '../tar/header.js'
import type { Pieces } from './cut.js'
import { startTarSplitChecksum } from './tar-split-checksum.js'
import type { Member } from './toc-members.js'

/**
 * What makes a tar out of its files again, byte for byte (vbatts/tar-split, tar/storage): lines of JSON, in turn the
 * bytes before a file (`type` 2) and the file's name, size and checksum (`type` 1).
 */
export interface TarSplit {
  /** Takes the members of a layer, in order. */
  add(member: Member): void
  /**
   * Ends it with what follows the last entry. False where it is of no use: readers compare its headers with the table
   * of contents as Go reads them, so that every header has to be spelled just as we spell it, and every name be there
   * once.
   */
  end(): boolean
}

const FILE = 1
const SEGMENT = 2

/** What is between two files is held in memory; only a tar that ends with far too many zeros has more. */
const LONGEST_SEGMENT = 2 ** 22

/** Gives the text to `onText` line by line. */
export function createTarSplit(onText: (line: string) => void): TarSplit {
  return new Disassembly(onText)
}

class Disassembly implements TarSplit {
  readonly #onText: (line: string) => void
  readonly #directories = new Set<string>()
  #checksum = startTarSplitChecksum()
  #position = 0
  #faithful = true
  readonly #marks: TarMark[] = []
  /** Bytes that are no file's, since the last file. */
  #segment: Buffer = Buffer.alloc(0)
  #segmentStart = 0
  /** The file before the segment takes this much of it. */
  #padding = 0

  constructor(onText: (line: string) => void) {
    this.#onText = onText
  }

  add({ chunk, tail, marks }: Member): void {
    if (!this.#faithful) return
    for (const piece of chunk?.pieces ?? []) this.#checksum.update(piece)
    if (chunk?.file) this.#endFile(chunk.entry)
    this.#segmentStart += chunk?.size ?? 0
    this.#segment = join(this.#segment, tail)
    this.#marks.push(...marks)
    while (this.#takeMark());
    this.#segment = Buffer.from(this.#segment) // the rest, nearly always nothing: the member's memory is used again
    if (this.#segment.length > LONGEST_SEGMENT) this.#faithful = false
  }

  end(): boolean {
    this.#writeSegment(this.#segment)
    return this.#faithful
  }

  /** Whether the next mark's header is there. */
  #takeMark(): boolean {
    const [mark] = this.#marks
    const length = (mark?.body ?? 0) - this.#segmentStart
    if (!mark || length > this.#segment.length) return false
    const segment = this.#segment.subarray(0, length)
    this.#check(mark, segment.subarray(this.#padding))
    this.#writeSegment(segment)
    this.#segment = this.#segment.subarray(length)
    this.#segmentStart = mark.body
    this.#padding = paddingOf(mark.entry.size)
    this.#marks.shift()
    if (mark.entry.size === 0) this.#write(FILE, `"name":${JSON.stringify(textOf(nameOf(mark.entry)))},"payload":null`)
    return true
  }

  #endFile(entry: Entry): void {
    const payload = this.#checksum.digest().toString('base64')
    const name = JSON.stringify(textOf(nameOf(entry)))
    this.#write(FILE, `"name":${name},"size":${entry.size},"payload":"${payload}"`)
    this.#checksum = startTarSplitChecksum()
  }

  #check({ entry, encoded }: TarMark, header: Buffer): void {
    const repeated = entry.type === 'directory' && this.#directories.has(entry.path)
    if (repeated || !(encoded || encodeEntry(entry).equals(header))) this.#faithful = false
    if (entry.type === 'directory') this.#directories.add(entry.path)
  }

  #writeSegment(bytes: Buffer): void {
    this.#write(SEGMENT, `"payload":"${bytes.toString('base64')}"`)
  }

  #write(type: number, members: string): void {
    if (this.#faithful) this.#onText(`{"type":${type},${members},"position":${this.#position}}\n`)
    this.#position += 1
  }
}

/** Nearly always one piece behind nothing, which needs no copy. */
function join(segment: Buffer, tail: Pieces): Buffer {
  const [only] = tail
  return segment.length === 0 && tail.length === 1 && only ? only : Buffer.concat([segment, ...tail])
}
