import { Duplex } from 'node:stream'
import { errorOf } from '../errors.js'

/** A duplex of any kind: readable-stream 2 or 3, duplexify. */
export interface ForeignDuplex {
  write(chunk: unknown, done: () => void): unknown
  end(done: () => void): unknown
  pause(): unknown
  resume(): unknown
  on(event: string, listener: (value: unknown) => void): unknown
  destroy(reason?: unknown): unknown
}

/**
 * A foreign duplex as one of Node's own, in object mode: it can be iterated, keeps the error that it is destroyed
 * with, and holds no more than one item a side besides what the foreign one holds. `onItem` is called for each item that
 * the foreign one has let go of.
 */
export function adopt(foreign: ForeignDuplex, onItem: () => void = () => {}): Duplex {
  return new Adopted(foreign, onItem)
}

class Adopted extends Duplex {
  readonly #foreign: ForeignDuplex

  constructor(foreign: ForeignDuplex, onItem: () => void) {
    super({ objectMode: true, highWaterMark: 1 })
    this.#foreign = foreign
    foreign.on('data', (item) => {
      onItem()
      if (!this.push(item)) foreign.pause()
    })
    foreign.on('end', () => this.push(null))
    foreign.on('error', (error) => this.destroy(errorOf(error)))
    foreign.pause()
  }

  override _write(item: unknown, _encoding: BufferEncoding, done: () => void): void {
    this.#foreign.write(item, done)
  }

  override _final(done: () => void): void {
    this.#foreign.end(done)
  }

  override _read(): void {
    this.#foreign.resume()
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.#foreign.destroy()
    done(error)
  }
}
