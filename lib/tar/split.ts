import { Transform, type TransformCallback } from 'node:stream'
import type { Entry } from '../diff/entry.js'
import type { TarBlock, TarMark } from './block.js'
import { settle } from './extract.js'
import { createTarReader, type TarConsumer, type TarReader, type TarRules } from './reader.js'

/**
 * Buffers of an uncompressed layer tar in, TarBlocks out, which hold every byte as it came.
 *
 * Fails with InputError where `extractEntries` does; `subject` says in it where the tar is from.
 */
export function splitTar(subject: string, rules: Pick<TarRules, 'verified'> = {}): Transform {
  return new Split(subject, rules)
}

class Split extends Transform implements TarConsumer {
  readonly #reader: TarReader
  #marks: TarMark[] = []
  #held: Buffer[] = []
  #heldLength = 0
  /** Where the held bytes begin in the tar. */
  #start = 0

  constructor(subject: string, rules: TarRules) {
    super({ readableObjectMode: true, readableHighWaterMark: 1, writableHighWaterMark: BLOCK_LENGTH })
    this.#reader = createTarReader(subject, this, rules)
  }

  entry(entry: Entry, header: number, body: number): void {
    this.#marks.push({ entry, header, body, encoded: false })
  }

  piece(): void {}

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    settle(done, () => {
      for (let at = 0; at < chunk.length; at += BLOCK_LENGTH) this.#take(chunk.subarray(at, at + BLOCK_LENGTH))
    })
  }

  override _flush(done: TransformCallback): void {
    settle(done, () => {
      this.#reader.end()
      if (this.#heldLength > 0) this.#give(this.#heldLength)
    })
  }

  #take(part: Buffer): void {
    this.#reader.push(part)
    this.#held.push(part)
    this.#heldLength += part.length
    // A block can't be cut inside of a header: the entry that begins there is not known yet.
    const ready = this.#reader.settled - this.#start
    if (ready >= BLOCK_LENGTH) this.#give(ready)
  }

  #give(length: number): void {
    const [only] = this.#held
    const bytes = this.#held.length === 1 && only ? only : Buffer.concat(this.#held, this.#heldLength)
    const block: TarBlock = { bytes: bytes.subarray(0, length), marks: this.#marks }
    this.push(block)
    this.#held = length < bytes.length ? [bytes.subarray(length)] : []
    this.#heldLength -= length
    this.#start += length
    this.#marks = []
  }
}

const BLOCK_LENGTH = 2 ** 20
