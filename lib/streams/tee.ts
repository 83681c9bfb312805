import { type PassThrough, Writable } from 'node:stream'

/** Gives branch number `index` its copy of a chunk. */
export type CopyFor<T> = (chunk: T) => readonly T[]

/**
 * One writer, several branches in lockstep: the next chunk is taken when every living branch has room. A branch that
 * was destroyed drops out; when none is left, the tee destroys itself so that nobody works for no one.
 */
export function createTee<T>(branches: readonly PassThrough[], copy?: CopyFor<T>): Writable {
  return new Tee(branches, copy ?? ((chunk) => branches.map(() => chunk)))
}

class Tee<T> extends Writable {
  readonly #branches: readonly PassThrough[]
  readonly #copy: CopyFor<T>

  constructor(branches: readonly PassThrough[], copy: CopyFor<T>) {
    super({ objectMode: true, highWaterMark: 1 })
    this.#branches = branches
    this.#copy = copy
    for (const branch of branches) {
      branch.on('error', () => {}) // its own pipeline reports it
      branch.once('close', () => this.#leaveIfAlone())
    }
  }

  override _write(chunk: T, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    const copies = this.#copy(chunk)
    const full = this.#branches.filter((branch, index) => !branch.destroyed && !branch.write(copies[index]))
    if (full.length === 0) done()
    else void Promise.all(full.map(roomIn)).then(() => done())
  }

  override _final(done: () => void): void {
    for (const branch of this.#branches) if (!branch.destroyed) branch.end()
    done()
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    if (!this.writableFinished) for (const branch of this.#branches) branch.destroy(error ?? undefined)
    done(error)
  }

  #leaveIfAlone(): void {
    const alone = this.#branches.every((branch) => branch.destroyed && !branch.readableEnded)
    if (alone && !this.destroyed) this.destroy(this.#branches.find((branch) => branch.errored)?.errored ?? undefined)
  }
}

function roomIn(branch: PassThrough): Promise<void> {
  return new Promise((resolve) => {
    const settle = (): void => {
      branch.off('drain', settle).off('close', settle)
      resolve()
    }
    branch.on('drain', settle).on('close', settle)
  })
}
