import { Transform, type TransformCallback } from 'node:stream'
import type { Entry, EntryBatch, Xattrs } from '../diff/entry.js'
import { InputError } from '../errors.js'
import { type ByteString, textOf } from '../streams/bytes.js'
import { giveBack, lend } from '../streams/loan.js'
import { spareBlocks } from '../streams/spare-blocks.js'
import type { TarBlock, TarMark } from './block.js'
import { END_OF_TAR, encodeEntry } from './encode.js'
import { paddingOf } from './header.js'

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
}

/**
 * EntryBatches in, which are given back, and the TarBlocks of one tar out. Entries are written in the order in which
 * they come.
 */
export function packEntries(options: PackOptions = {}, handling: PackHandling = {}): Transform {
  return new Packer(options, handling)
}

/** What a program may do without being root's: without it the program does not work. */
const CAPABILITY = 'security.capability'

class Packer extends Transform {
  readonly #options: PackOptions
  readonly #onDropped: (name: ByteString) => void
  readonly #lends: boolean
  #block = spareBlocks.take()
  #used = 0
  #flushed = 0
  #marks: TarMark[] = []
  #entry: Entry | null = null
  #missing = 0

  constructor(options: PackOptions, { onDropped = () => {}, lends = false }: PackHandling) {
    super({ objectMode: true, highWaterMark: 1 })
    this.#options = options
    this.#onDropped = onDropped
    this.#lends = lends
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
      done(error as Error)
    }
  }

  override _flush(done: TransformCallback): void {
    try {
      this.#checkComplete()
      this.#append(END_OF_TAR)
      this.#emitBlock()
      spareBlocks.give(this.#block)
      done()
    } catch (error) {
      done(error as Error)
    }
  }

  #addEntry(entry: Entry): void {
    this.#checkComplete()
    const packed = this.#packedOf(entry)
    const header = encodeEntry(packed)
    const start = this.#flushed + this.#used
    this.#marks.push({ entry: packed, header: start, body: start + header.length })
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

  /** The entry as the tar has it: in whole seconds, and with the attributes that are kept. */
  #packedOf(entry: Entry): Entry {
    const [mtime, xattrs] = [this.#mtimeOf(entry), this.#xattrsOf(entry)]
    if (mtime === entry.mtime && xattrs === entry.xattrs && entry.nanoseconds === 0) return entry
    return { ...entry, mtime, nanoseconds: 0, xattrs }
  }

  #mtimeOf({ mtime, nanoseconds }: Entry): number {
    const { latest, roundTimes } = this.#options
    const rounded = roundTimes && nanoseconds >= 500_000_000 ? mtime + 1 : mtime
    return typeof latest === 'number' ? Math.min(rounded, latest) : rounded
  }

  #xattrsOf({ xattrs }: Entry): Xattrs | null {
    if (xattrs === null || this.#options.xattrs === 'all') return xattrs
    const capability = xattrs.get(CAPABILITY)
    for (const name of xattrs.keys()) if (name !== CAPABILITY) this.#onDropped(name)
    return capability ? new Map([[CAPABILITY, capability]]) : null
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
