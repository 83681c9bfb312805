/** Takes runs of known length out of chunks of any size, and copies only those that straddle two chunks. */
export interface Gather {
  /** How many bytes are still missing. */
  readonly missing: number
  /** Begins with a run of `length` bytes. */
  begin(length: number): void
  /** Takes what it needs of `chunk` from `at` on, and gives the run once it is whole. */
  take(chunk: Buffer, at: number): Buffer | null
}

export function createGather(): Gather {
  let length = 0
  let filled = 0
  let held = Buffer.alloc(0)
  return {
    get missing() {
      return length - filled
    },
    begin(next) {
      length = next
      filled = 0
    },
    take(chunk, at) {
      if (filled === 0 && chunk.length - at >= length) return chunk.subarray(at, at + length)
      if (filled === 0 && held.length < length) held = Buffer.alloc(length)
      filled += chunk.copy(held, filled, at, at + length - filled)
      return filled === length ? held.subarray(0, length) : null
    }
  }
}
