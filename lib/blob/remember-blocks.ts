import { Readable } from 'node:stream'
import type { Composition, CompressedBlock, Segment, StoredBlock } from '../codec/block-cache.js'
import type { Blob, ByteRange } from './blob.js'
import type { BlockRecords } from './block-records.js'
import { finishDigest, startDigest } from './digest.js'
import type { Lease, Store } from './store.js'

/** Puts those blocks of a blob into the store that are not there, and notes where all of them lie. */
export async function rememberBlocks(
  store: Store,
  records: BlockRecords,
  blob: Blob,
  { setting, name, segments }: Composition
): Promise<void> {
  const lease = await store.lease()
  try {
    const placed = await place(blob, segments, lease)
    await records.put(setting, name ?? blob.descriptor.digest, placed)
  } finally {
    await lease.release()
  }
}

type Segments = readonly Segment<CompressedBlock | StoredBlock>[]

/** A block of the blob, and where in the blob it is. */
interface Part {
  readonly block: CompressedBlock | StoredBlock
  readonly range: ByteRange
}

async function place(blob: Blob, segments: Segments, lease: Lease): Promise<readonly Segment<StoredBlock>[]> {
  const parts = partsOf(segments)
  const fresh = parts.filter(({ block }) => !('place' in block))
  const whole = fresh.length === parts.length || (await lease.keep(blob.descriptor.digest)) !== null
  const stored = whole ? blob : await blobOfRanges(blob, fresh)
  const added = whole ? parts : fresh
  if (added.length > 0) await lease.add(stored)
  const places = new Map<CompressedBlock, StoredBlock>()
  let start = 0
  for (const { block } of added) {
    const { checksum, length, digest, size } = block
    places.set(block, { checksum, length, digest, size, place: { blob: stored.descriptor, start } })
    start += size
  }
  const placeOf = (block: CompressedBlock | StoredBlock): readonly StoredBlock[] => {
    const placed = places.get(block)
    return placed ? [placed] : 'place' in block ? [block] : []
  }
  return segments.map(({ key, blocks }) => ({ key, blocks: blocks.flatMap(placeOf) }))
}

function partsOf(segments: Segments): readonly Part[] {
  let end = 0
  return segments.flatMap(({ blocks }) =>
    blocks.map((block) => {
      const start = end
      end += block.size
      return { block, range: { start, end } }
    })
  )
}

/** The bytes of some ranges, one after another, as a blob of their own. */
async function blobOfRanges(blob: Blob, parts: readonly Part[]): Promise<Blob> {
  const open = (): Readable => Readable.from(bytesOf(blob, parts), { objectMode: false })
  const running = startDigest()
  let size = 0
  for await (const chunk of open() as AsyncIterable<Buffer>) {
    running.update(chunk)
    size += chunk.length
  }
  return { descriptor: { mediaType: blob.descriptor.mediaType, digest: finishDigest(running), size }, open }
}

async function* bytesOf(blob: Blob, parts: readonly Part[]): AsyncGenerator<Buffer> {
  for (const { range } of parts) yield* blob.open(range) as AsyncIterable<Buffer>
}
