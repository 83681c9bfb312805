import { Transform, type TransformCallback } from 'node:stream'
import type { Entry } from '../diff/entry.js'
import { errorOf } from '../errors.js'
import { createTarReader, type TarConsumer, type TarReader, type TarRules } from './reader.js'

/**
 * Buffers of an uncompressed tar in, EntryBatches out, in the order of the tar. Bodies are not copied.
 *
 * The root, AUFS's own files and end blocks are left out; a directory may come more than once. Fails with InputError
 * for everything that is not a complete, safe tar; `subject` says in it where the tar is from.
 */
export function extractEntries(subject: string, rules: TarRules = {}): Transform {
  return new Extraction(subject, rules)
}

class Extraction extends Transform implements TarConsumer {
  readonly #reader: TarReader
  #batch: (Entry | Buffer)[] = []
  /** Bytes of the tar that the batch stands for: its headers count too, so that it stays small without bodies. */
  #weight = 0

  constructor(subject: string, rules: TarRules) {
    super({ readableObjectMode: true, readableHighWaterMark: 1, writableHighWaterMark: BATCH })
    this.#reader = createTarReader(subject, this, rules)
  }

  entry(entry: Entry): void {
    this.#batch.push(entry)
  }

  piece(bytes: Buffer): void {
    this.#batch.push(bytes)
  }

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    settle(done, () => {
      for (let at = 0; at < chunk.length; ) {
        const part = chunk.subarray(at, at + BATCH - this.#weight)
        this.#reader.push(part)
        at += part.length
        this.#weight += part.length
        if (this.#weight === BATCH) this.#give()
      }
    })
  }

  override _flush(done: TransformCallback): void {
    settle(done, () => {
      this.#reader.end()
      this.#give()
    })
  }

  #give(): void {
    if (this.#batch.length > 0) this.push(this.#batch)
    this.#batch = []
    this.#weight = 0
  }
}

/** Runs synchronous work of a transform, whose error is the stream's. */
export function settle(done: TransformCallback, work: () => void): void {
  try {
    work()
  } catch (error) {
    return done(errorOf(error))
  }
  done()
}

const BATCH = 2 ** 20
