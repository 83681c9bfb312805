import { InputError } from '../errors.js'
import { type ByteReader, createByteReader } from './byte-reader.js'
import { isSkippableMagic, isZstdMagic } from './sniff.js'
import {
  BLOCK_HEADER_LENGTH,
  type BlockHeader,
  FRAME_START_LENGTH,
  type FrameHeader,
  frameHeaderLength,
  LARGEST_BLOCK,
  parseBlockHeader,
  parseFrameHeader
} from './zstd-format.js'

/** A frame in a stream of zstd. Its parts have to be read to their end before the next frame comes. */
export interface FrameInput {
  readonly header: FrameHeader
  /** The frame's own bytes in order: the header with the first, the checksum with the last. Blocks are whole. */
  readonly parts: AsyncIterable<FramePart>
}

export interface FramePart {
  readonly bytes: Buffer
  /** The most bytes that it decompresses to. */
  readonly expandsTo: number
}

/** What zstd's own command accepts unless told otherwise; a larger one would have to be kept in memory. */
const LARGEST_WINDOW = 2 ** 27

/** A part that is as long, or expands to as much, is not made longer. Short blocks come together: each part costs. Bytes. */
const FULL_PART = 2 ** 14
const FULL_EXPANSION = 2 ** 20

const CHECKSUM_LENGTH = 4
const MAGIC_LENGTH = 4

/** The frames of a zstd stream, found without decompressing them. Skippable frames are skipped. */
export async function* readFrames(input: AsyncIterable<Buffer>, subject: string): AsyncGenerator<FrameInput> {
  const reader = new FrameReader(createByteReader(input), subject)
  for (let frames = 0; ; frames++) {
    const magic = await reader.magic(frames > 0)
    if (magic === null) return
    if (isSkippableMagic(magic.readUInt32LE(0))) await reader.skip()
    else yield await reader.frame(magic)
  }
}

class FrameReader {
  readonly #input: ByteReader
  readonly #subject: string

  constructor(input: ByteReader, subject: string) {
    this.#input = input
    this.#subject = subject
  }

  /** The next frame's magic number; null at the end, where that is allowed. */
  async magic(mayEnd: boolean): Promise<Buffer | null> {
    const magic = await this.#input.take(MAGIC_LENGTH)
    if (magic.length === 0 && mayEnd) return null
    if (magic.length < MAGIC_LENGTH)
      throw this.#invalid(mayEnd ? 'something else after the last frame' : 'an early end')
    if (isZstdMagic(magic.readUInt32LE(0))) return magic
    throw this.#invalid(`0x${magic.toString('hex')} in the place of a frame`)
  }

  async skip(): Promise<void> {
    const size = (await this.#exactly(4)).readUInt32LE(0)
    for (let left = size; left > 0; ) left -= (await this.#exactly(Math.min(left, LARGEST_BLOCK))).length
  }

  async frame(magic: Buffer): Promise<FrameInput> {
    const start = Buffer.concat([magic, await this.#exactly(FRAME_START_LENGTH - MAGIC_LENGTH)])
    const bytes = Buffer.concat([start, await this.#exactly(frameHeaderLength(start) - FRAME_START_LENGTH)])
    const header = parseFrameHeader(bytes)
    if (header.hasDictionary) throw this.#invalid('a frame that needs a dictionary')
    if (header.windowSize > LARGEST_WINDOW) throw this.#invalid(`a window of ${header.windowSize} bytes`)
    return { header, parts: this.#parts(bytes, header) }
  }

  async *#parts(start: Buffer, header: FrameHeader): AsyncGenerator<FramePart> {
    let part = new Part(start)
    for (let last = false; !last; ) {
      const head = await this.#exactly(BLOCK_HEADER_LENGTH)
      const block = parseBlockHeader(head)
      this.#checkBlock(block)
      last = block.last
      const rest = await this.#exactly(block.length + (last && header.hasChecksum ? CHECKSUM_LENGTH : 0))
      if (block.expandsTo > 0 || last) part.add([head, rest], block.expandsTo) // what expands to nothing is left out
      if (!(part.isFull || last)) continue
      yield part.finish()
      part = new Part(Buffer.alloc(0))
    }
  }

  #checkBlock({ type, length, expandsTo }: BlockHeader): void {
    if (type === 'reserved') throw this.#invalid('a block of a kind that does not exist')
    if (length > LARGEST_BLOCK || expandsTo > LARGEST_BLOCK) throw this.#invalid('a block of more than 128 KiB')
  }

  async #exactly(length: number): Promise<Buffer> {
    const bytes = await this.#input.take(length)
    if (bytes.length === length) return bytes
    throw this.#invalid('an end in the middle of a frame')
  }

  #invalid(found: string): InputError {
    return new InputError({
      operation: 'decompress zstd',
      subject: this.#subject,
      expected: 'whole zstd frames with windows of up to 128 MiB, and nothing else',
      found
    })
  }
}

/** Blocks that follow one another. */
class Part {
  readonly #bytes: Buffer[]
  #length: number
  #expandsTo = 0

  constructor(start: Buffer) {
    this.#bytes = [start]
    this.#length = start.length
  }

  get isFull(): boolean {
    return this.#length >= FULL_PART || this.#expandsTo >= FULL_EXPANSION
  }

  add(bytes: readonly Buffer[], expandsTo: number): void {
    this.#bytes.push(...bytes)
    this.#length += bytes.reduce((sum, { length }) => sum + length, 0)
    this.#expandsTo += expandsTo
  }

  finish(): FramePart {
    return { bytes: Buffer.concat(this.#bytes), expandsTo: this.#expandsTo }
  }
}
