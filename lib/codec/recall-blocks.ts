import { digestBeside } from '../blob/digest.js'
import type { BlockCache, CompressedBlock } from './block-cache.js'
import type { Pieces } from './cut.js'

/** What a block was compressed to, and what a cache wants to know of it; null where there is no cache. */
export interface Recalled {
  readonly bytes: Buffer
  readonly block: CompressedBlock | null
}

/** Where to look blocks up, and as what. */
export interface Recollection {
  readonly cache: BlockCache
  /** As in `Composition`. */
  readonly setting: string
}

/** Takes a block from the cache, or compresses it where it is not there. Without a cache it compresses every one. */
export async function recallBlock(
  pieces: Pieces,
  recollection: Recollection | null,
  compress: (pieces: Pieces) => Promise<Buffer>
): Promise<Recalled> {
  if (recollection === null) return { bytes: await compress(pieces), block: null }
  const { cache, setting } = recollection
  const [only] = pieces
  const whole = pieces.length === 1 && only ? only : Buffer.concat(pieces)
  const contents = await digestBeside(whole)
  const found = await cache.find(setting, contents)
  if (found) return { bytes: found.bytes, block: { contents, digest: found.digest, size: found.size } }
  const bytes = await compress([whole])
  return { bytes, block: { contents, digest: await digestBeside(bytes), size: bytes.length } }
}
