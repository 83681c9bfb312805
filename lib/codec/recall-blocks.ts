import { crc32 } from 'node:zlib'
import { type Digest, finishDigest, startDigest } from '../blob/digest.js'
import { giveBack } from '../streams/loan.js'
import type { BlockCache, CompressedBlock, StoredBlock } from './block-cache.js'
import { type Cut, cutBlocks, type KnownBlock, lengthOf, type Pieces } from './cut.js'
import type { BlockSizes } from './ruler.js'

/** A block on its way out. */
export interface Recalled {
  readonly work: Cut | KnownBlock
  /** Compressed. */
  readonly bytes: Pieces
  /** What was compressed. */
  readonly contents: Pieces
  /** For the cache; null where there is none. */
  readonly block: CompressedBlock | StoredBlock | null
}

export interface Recollection {
  /** Null is none: every block is compressed. */
  readonly cache: BlockCache | null
  /** As in `Composition`. */
  readonly setting: string
  readonly sizes: BlockSizes
  /** Calls `onRead` if it does not look at the pieces any more before it is done. */
  compress(pieces: Pieces, onRead: () => void): Promise<Pieces>
  /** The contents of a compressed block, whose length is known. */
  expand(bytes: Buffer, length: number): Promise<Buffer>
}

/**
 * Takes a block from the cache, or compresses it where it is not there, or not whole. Calls `onRead` if nobody looks at
 * what was cut any more before that is done.
 */
export async function recallBlock(
  work: Cut | KnownBlock,
  recollection: Recollection,
  onRead: () => void
): Promise<Recalled> {
  const recalled = 'pieces' in work ? recallCut(work, recollection, onRead) : recallKnown(work, recollection)
  return { work, ...(await recalled) }
}

type Found = Omit<Recalled, 'work'>

async function recallCut({ pieces }: Cut, recollection: Recollection, onRead: () => void): Promise<Found> {
  const { cache, setting, compress } = recollection
  if (cache === null) return { bytes: await compress(pieces, onRead), contents: pieces, block: null }
  const contents = summarize(pieces)
  const found = await cache.find(setting, contents)
  const bytes = found && (await cache.read(found))
  const expanded = bytes && (await recollection.expand(bytes, contents.length).catch(() => null))
  if (found && bytes && expanded && isEqual(expanded, pieces)) return { bytes: [bytes], contents: pieces, block: found }
  return compressed(pieces, contents, await compress(pieces, onRead))
}

/** What the block was made of comes out of it again: that costs less than reading all of its files, and no thread waits. */
async function recallKnown({ segment, index }: KnownBlock, recollection: Recollection): Promise<Found> {
  const block = segment.blocks[index]
  const bytes = block && (await recollection.cache?.read(block))
  const contents = bytes && (await recollection.expand(bytes, block.length).catch(() => null))
  if (contents?.length === block?.length && block && bytes && contents)
    return { bytes: [bytes], contents: [contents], block }
  return remakeKnown({ segment, index }, recollection)
}

/** Makes a block of a known segment as if nothing were known. */
async function remakeKnown({ segment, index }: KnownBlock, { sizes, compress }: Recollection): Promise<Found> {
  let at = 0
  for await (const cut of cutBlocks(segment.pack(), sizes)) {
    if (at++ === index && 'pieces' in cut)
      return compressed(cut.pieces, summarize(cut.pieces), await compress(cut.pieces, () => {}))
    giveBack(cut)
  }
  throw new TypeError('a segment without its blocks')
}

type Summary = Pick<CompressedBlock, 'checksum' | 'length'>

function summarize(pieces: Pieces): Summary {
  return { checksum: pieces.reduce((sum, piece) => crc32(piece, sum), 0), length: lengthOf(pieces) }
}

function compressed(contents: Pieces, summary: Summary, bytes: Pieces): Found {
  return { bytes, contents, block: { ...summary, digest: digestOfPieces(bytes), size: lengthOf(bytes) } }
}

function digestOfPieces(pieces: Pieces): Digest {
  const running = startDigest()
  for (const piece of pieces) running.update(piece)
  return finishDigest(running)
}

function isEqual(whole: Buffer, pieces: Pieces): boolean {
  let offset = 0
  for (const piece of pieces) {
    if (piece.compare(whole, offset, Math.min(whole.length, offset + piece.length)) !== 0) return false
    offset += piece.length
  }
  return offset === whole.length
}
