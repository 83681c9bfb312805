/** How much of one blob goes in a request. */
export interface Pace {
  /** Bytes of the first request. */
  readonly first: number
  /** Bytes of the next one. */
  readonly next: number
  /** Hears how long a request took. */
  took(bytes: number, milliseconds: number): void
  /** Goes back to the first length for good, after one that broke or was too long. False where it never left it. */
  slowDown(): boolean
}

/**
 * Requests of one length, where it is given; else of 64 MiB at first, and then of what goes in ten seconds: a registry
 * puts every chunk on its disk before it answers, and takes nothing meanwhile.
 */
export function createPace(fixed?: number): Pace {
  return new MeasuredPace(fixed ?? FIRST, fixed === undefined)
}

class MeasuredPace implements Pace {
  readonly first: number
  #next: number
  #grows: boolean

  constructor(first: number, grows: boolean) {
    this.first = first
    this.#next = first
    this.#grows = grows
  }

  get next(): number {
    return this.#next
  }

  took(bytes: number, milliseconds: number): void {
    if (!this.#grows) return
    this.#next = Math.max(this.first, Math.round((bytes / Math.max(1, milliseconds)) * WORTH_LOSING))
  }

  slowDown(): boolean {
    const slower = this.#next > this.first
    this.#next = this.first
    this.#grows = false
    return slower
  }
}

/** Large enough for object stores behind a registry, which ask for 5 MiB; small enough for proxies, some of which stop at 100 MB. */
const FIRST = 64 * 2 ** 20
/** Milliseconds of work that a registry which keeps only whole chunks may throw away when a connection breaks. */
const WORTH_LOSING = 10_000
