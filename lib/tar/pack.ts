import { Transform, type TransformCallback } from 'node:stream'
import type { Entry, EntryBatch } from '../diff/entry.js'
import { errorOf, InputError } from '../errors.js'
import { type ByteString, textOf } from '../streams/bytes.js'
import { giveBack, lend } from '../streams/loan.js'
import { spareBlocks } from '../streams/spare-blocks.js'
import type { TarBlock, TarMark } from './block.js'
import { END_OF_TAR, encodeEntry } from './encode.js'
import { paddingOf } from './header.js'
import { packedAs } from './packed-entry.js'
import { refuseWhiteoutName } from './whiteout-check.js'

/** How entries become a tar. Plain data: it is part of a node's key. */
export type PackOptions = {
  /** A layer keeps `security.capability` alone, as BuildKit does; a rootfs tar keeps all. Default `capability`. */
  readonly xattrs?: 'capability' | 'all'
  /** Whole seconds since 1970: later mtimes become this. Default null: mtimes stay. */
  readonly latest?: number | null
  /** Whether half a second and more counts up, as rootfs tars have it. Default false: cut, as layers have it. */
  readonly roundTimes?: boolean
}

export interface PackHandling {
  /** Gets the name of each extended attribute that is not kept. */
  readonly onDropped?: (name: ByteString) => void
  /** Whether the blocks are lent: their reader gives them back. Default false. */
  readonly lends?: boolean
  /** Whether `.wh.NAME` would be read as the deletion of NAME, as in a layer, and is refused. Default true. */
  readonly whiteouts?: boolean
  /** Default: the whole. */
  readonly part?: TarPart
}

/** Which part of a tar is packed. */
export interface TarPart {
  /** Where it begins, in bytes from the start of the tar. */
  readonly start: number
  /** Whether the tar ends with it. */
  readonly last: boolean
}

const WHOLE: TarPart = { start: 0, last: true }

/**
 * EntryBatches in, which are given back, and the TarBlocks of one tar out. Entries are written in the order in which
 * they come.
 */
export function packEntries(options: PackOptions = {}, handling: PackHandling = {}): Transform {
  return new Packer(options, handling)
}

class Packer extends Transform {
  readonly #packedOf: (entry: Entry) => Entry
  readonly #lends: boolean
  readonly #last: boolean
  readonly #whiteouts: boolean
  #block = spareBlocks.take()
  #used = 0
  #flushed: number
  #marks: TarMark[] = []
  #entry: Entry | null = null
  #missing = 0

  constructor(options: PackOptions, handling: PackHandling) {
    super({ objectMode: true, highWaterMark: 1 })
    const { onDropped = () => {}, lends = false, whiteouts = true, part = WHOLE } = handling
    this.#packedOf = packedAs(options, onDropped)
    this.#lends = lends
    this.#whiteouts = whiteouts
    this.#flushed = part.start
    this.#last = part.last
  }

  override _transform(batch: EntryBatch, _encoding: BufferEncoding, done: TransformCallback): void {
    try {
      for (const item of batch) {
        if (Buffer.isBuffer(item)) this.#addBody(item)
        else this.#addEntry(item)
      }
      giveBack(batch)
      done()
    } catch (error) {
      done(errorOf(error))
    }
  }

  override _flush(done: TransformCallback): void {
    try {
      this.#checkComplete()
      if (this.#last) this.#append(END_OF_TAR)
      this.#emitBlock()
      spareBlocks.give(this.#block)
      done()
    } catch (error) {
      done(errorOf(error))
    }
  }

  #addEntry(entry: Entry): void {
    this.#checkComplete()
    if (this.#whiteouts) refuseWhiteoutName(entry)
    const packed = this.#packedOf(entry)
    const header = encodeEntry(packed)
    const start = this.#flushed + this.#used
    this.#marks.push({ entry: packed, header: start, body: start + header.length, encoded: true })
    this.#append(header)
    this.#entry = packed
    this.#missing = entry.size
  }

  #addBody(bytes: Buffer): void {
    this.#missing -= bytes.length
    if (this.#missing < 0) this.#checkComplete()
    this.#append(bytes)
    if (this.#missing === 0 && this.#entry) this.#append(END_OF_TAR.subarray(0, paddingOf(this.#entry.size)))
  }

  #append(bytes: Buffer): void {
    for (let at = 0; at < bytes.length; ) {
      const copied = bytes.copy(this.#block, this.#used, at)
      at += copied
      this.#used += copied
      if (this.#used === this.#block.length) this.#emitBlock()
    }
  }

  #emitBlock(): void {
    const memory = this.#block
    const block: TarBlock = { bytes: memory.subarray(0, this.#used), marks: this.#marks }
    if (this.#lends) lend(block, () => spareBlocks.give(memory))
    this.#flushed += this.#used
    this.#block = spareBlocks.take()
    this.#used = 0
    this.#marks = []
    this.push(block)
  }

  #checkComplete(): void {
    if (this.#missing === 0) return
    throw new InputError({
      operation: 'pack entry',
      subject: textOf(this.#entry?.path ?? ''),
      expected: `a body of ${this.#entry?.size} bytes`,
      found: this.#missing > 0 ? `${this.#missing} bytes less` : `at least ${-this.#missing} bytes more`,
      advice: 'the file changed while it was read; try again when nobody writes to it'
    })
  }
}
