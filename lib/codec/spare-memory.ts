/** Memory of blocks that have been compressed, kept for those to come: what is new has to be zeroed and collected. */
export interface SpareMemory {
  /** At least `length` bytes. */
  take(length: number): ArrayBuffer
  give(memory: ArrayBuffer): void
}

/** Sizes are multiples of this, so that blocks of different sizes can use each other's memory. */
const UNIT = 2 ** 20

/** More than these would be kept for nobody: the budget lets few blocks be worked on at a time. */
const SPARES = 8

export function createSpareMemory(): SpareMemory {
  const spares: ArrayBuffer[] = []
  return {
    take(length) {
      const spare = spares.pop()
      if (spare && spare.byteLength >= length) return spare
      return new ArrayBuffer(Math.max(Math.ceil(length / UNIT), 1) * UNIT)
    },
    give(memory) {
      if (spares.length < SPARES) spares.push(memory)
    }
  }
}
