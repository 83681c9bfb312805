/** Memory of blocks that have been compressed, kept for those to come: what is new has to be zeroed and collected. */
export interface SpareMemory<T extends ArrayBufferLike> {
  /** At least `length` bytes. */
  take(length: number): T
  give(memory: T): void
}

/** Sizes are multiples of this, so that blocks of different sizes can use each other's memory. */
const UNIT = 2 ** 20

/** More than these would be kept for nobody: the budget lets few blocks be worked on at a time. */
const SPARES = 8

/** `create` gives memory of that many bytes. */
export function createSpareMemory<T extends ArrayBufferLike>(create: (length: number) => T): SpareMemory<T> {
  const spares: T[] = []
  return {
    take(length) {
      const fitting = spares.findIndex(({ byteLength }) => byteLength >= length)
      const [spare] = fitting < 0 ? [] : spares.splice(fitting, 1)
      return spare ?? create(Math.max(Math.ceil(length / UNIT), 1) * UNIT)
    },
    give(memory) {
      if (spares.length < SPARES) spares.push(memory)
    }
  }
}
