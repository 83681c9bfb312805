/** Blocks of one size, kept for those who need one next. */
export interface SpareBlocks {
  /** Bytes of each. */
  readonly size: number
  /** One whose contents are arbitrary. */
  take(): Buffer
  give(block: Buffer): void
}

/** As much is kept as a pipeline of a few stages has on its way: so many blocks, or of small ones so many bytes. */
const MOST_SPARES = 8
const MOST_BYTES = 2 ** 23

type BlocksBySize = Map<number, SpareBlocks>

const own: BlocksBySize = new Map()
const shared: BlocksBySize = new Map()

/** The blocks of `size` bytes that all pipelines of this process take turns with. */
export function spareBlocksOf(size: number): SpareBlocks {
  return findOrCreate(own, size, () => Buffer.allocUnsafeSlow(size))
}

/** As `spareBlocksOf`, in memory that other threads can see. */
export function sharedBlocksOf(size: number): SpareBlocks {
  return findOrCreate(shared, size, () => Buffer.from(new SharedArrayBuffer(size)))
}

function findOrCreate(all: BlocksBySize, size: number, allocate: () => Buffer): SpareBlocks {
  const found = all.get(size) ?? createSpareBlocks(size, allocate)
  all.set(size, found)
  return found
}

function createSpareBlocks(size: number, allocate: () => Buffer): SpareBlocks {
  const spares: Buffer[] = []
  const most = Math.max(MOST_SPARES, MOST_BYTES / size)
  return {
    size,
    take: () => spares.pop() ?? allocate(),
    give: (block) => {
      if (spares.length < most) spares.push(block)
    }
  }
}

/** What bytes travel in: large enough that a block costs nothing per byte, small enough that dozens of them are few. */
export const spareBlocks = spareBlocksOf(2 ** 20)
