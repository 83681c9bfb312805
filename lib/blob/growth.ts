import { EventEmitter, once } from 'node:events'

/** How far a file that is being written has come, for those who read it meanwhile. */
export interface Growth {
  /** Bytes that can be read. */
  readonly size: number
  /** Why there will be no more, when the writer gave up. */
  readonly failure: Error | null
  /** Resolves with the number of bytes that can be read once that is more than `size`, or all there will be. */
  beyond(size: number): Promise<number>
}

/** The writer's side of it. */
export interface Grower extends Growth {
  add(bytes: number): void
  /** No more will come: all is there, or the writer gave up. */
  end(failure: Error | null): void
}

export function createGrower(): Grower {
  return new EventGrower()
}

class EventGrower implements Grower {
  size = 0
  failure: Error | null = null
  #ended = false
  readonly #events = new EventEmitter().setMaxListeners(0)

  add(bytes: number): void {
    this.size += bytes
    this.#events.emit('grown')
  }

  end(failure: Error | null): void {
    if (this.#ended) return
    this.#ended = true
    this.failure = failure
    this.#events.emit('grown')
  }

  async beyond(size: number): Promise<number> {
    while (this.size <= size && !this.#ended) await once(this.#events, 'grown')
    return this.size
  }
}
