import { Duplex, Readable } from 'node:stream'
import { errorOf } from '../errors.js'

/**
 * An object-mode Transform out of an async generator over its input: the shortest way to write a stage.
 *
 * The generator is pulled by the reader and pulls the input in turn, so backpressure goes through. An error that it
 * throws destroys the stream; when the stream is destroyed, its input ends with that error and its `finally` runs.
 */
export function generate<I, O>(work: (items: AsyncIterable<I>) => AsyncIterable<O>): Duplex {
  return new Generated(work)
}

class Generated<I, O> extends Duplex {
  readonly #input = new Readable({ objectMode: true, highWaterMark: 1, read: () => this.#resume?.() })
  readonly #output: AsyncIterator<O>
  #resume: (() => void) | null = null
  #pulling = false

  constructor(work: (items: AsyncIterable<I>) => AsyncIterable<O>) {
    super({ objectMode: true, highWaterMark: 1 })
    this.#input.on('error', () => {}) // the generator sees it; as an event it would be unhandled before it looks
    this.#output = work(this.#input)[Symbol.asyncIterator]()
  }

  override _write(item: I, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    if (this.#input.destroyed) return done() // the generator has returned early: the rest is not wanted
    if (this.#input.push(item)) return done()
    this.#resume = () => {
      this.#resume = null
      done()
    }
  }

  override _final(done: () => void): void {
    if (!this.#input.destroyed) this.#input.push(null)
    done()
  }

  override _read(): void {
    if (this.#pulling) return
    this.#pulling = true
    void this.#pull()
  }

  async #pull(): Promise<void> {
    try {
      for (let more = true; more; ) {
        const { value, done } = await this.#output.next()
        if (this.destroyed) return void (await this.#output.return?.())
        if (done) this.#letRestPass()
        more = this.push(done ? null : value) && !done
      }
    } catch (error) {
      this.destroy(errorOf(error))
    } finally {
      this.#pulling = false
    }
  }

  #letRestPass(): void {
    this.#input.destroy()
    this.#resume?.()
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    if (!this.#input.destroyed) this.#input.destroy(error ?? new Error('stage destroyed'))
    this.#resume?.()
    const returned = this.#pulling ? undefined : this.#output.return?.()
    Promise.resolve(returned).then(
      () => done(error),
      () => done(error)
    )
  }
}
