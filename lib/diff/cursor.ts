/** Steps through batches one item at a time, with a promise per batch and none per item. */
export interface Cursor<T> {
  /** The item at which the cursor stands; undefined at the end, or before `fill` where `needsFill`. */
  readonly current: T | undefined
  /** Whether the batch is used up and `fill` has to be awaited before `current` means anything. */
  readonly needsFill: boolean
  next(): void
  fill(): Promise<void>
  close(): Promise<void>
}

export function createCursor<T>(batches: AsyncIterable<readonly T[]>): Cursor<T> {
  return new BatchCursor(batches[Symbol.asyncIterator]())
}

class BatchCursor<T> implements Cursor<T> {
  readonly #batches: AsyncIterator<readonly T[]>
  #batch: readonly T[] = []
  #at = 0
  #ended = false

  constructor(batches: AsyncIterator<readonly T[]>) {
    this.#batches = batches
  }

  get current(): T | undefined {
    return this.#batch[this.#at]
  }

  get needsFill(): boolean {
    return this.#at >= this.#batch.length && !this.#ended
  }

  next(): void {
    this.#at += 1
  }

  async fill(): Promise<void> {
    while (this.needsFill) {
      const { value, done } = await this.#batches.next()
      this.#batch = done ? [] : value
      this.#at = 0
      this.#ended = done === true
    }
  }

  async close(): Promise<void> {
    await this.#batches.return?.()
  }
}
