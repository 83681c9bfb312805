/** Lets a fixed amount of something be held at a time; who asks for more waits, first come, first served. */
export interface Limit {
  readonly capacity: number
  /** Waits until `amount` is free and takes it. An amount over the capacity counts as all of it. */
  take(amount: number): Promise<Release>
  /** Runs `work` while holding one. */
  run<T>(work: () => Promise<T>): Promise<T>
}

/** Gives back what was taken; calling it again does nothing. */
export type Release = () => void

export function createLimit(capacity: number): Limit {
  return new FairLimit(capacity)
}

interface Waiter {
  readonly amount: number
  readonly wake: () => void
}

class FairLimit implements Limit {
  readonly capacity: number
  #free: number
  readonly #waiting: Waiter[] = []

  constructor(capacity: number) {
    this.capacity = capacity
    this.#free = capacity
  }

  async take(amount: number): Promise<Release> {
    const share = Math.min(amount, this.capacity)
    if (this.#waiting.length > 0 || this.#free < share) {
      await new Promise<void>((wake) => this.#waiting.push({ amount: share, wake }))
    } else {
      this.#free -= share
    }
    let held = true
    return () => {
      if (held) this.#giveBack(share)
      held = false
    }
  }

  async run<T>(work: () => Promise<T>): Promise<T> {
    const release = await this.take(1)
    try {
      return await work()
    } finally {
      release()
    }
  }

  #giveBack(amount: number): void {
    this.#free += amount
    for (let next = this.#waiting[0]; next && next.amount <= this.#free; next = this.#waiting[0]) {
      this.#waiting.shift()
      this.#free -= next.amount
      next.wake()
    }
  }
}
