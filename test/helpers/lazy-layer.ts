import { createHash } from 'node:crypto'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { Codec, CompressionResult, CompressionSettings } from '../../lib/codec/codec.js'
import type { Priorities } from '../../lib/codec/prioritize.js'
import { createEntry, type EntryBatch } from '../../lib/diff/entry.js'
import { createBudget } from '../../lib/graph/context.js'
import { lend } from '../../lib/streams/loan.js'
import type { TarBlock } from '../../lib/tar/block.js'
import { packEntries } from '../../lib/tar/pack.js'
import { splitTar } from '../../lib/tar/split.js'
import { mixedBytes } from '../conformance/codec.js'
import { fileEntry, sampleEntries } from './layer-tar.js'

/** A blob with what its codec says of it. */
export interface LazyLayer extends CompressionResult {
  readonly blob: Buffer
}

/** A file larger than two chunks, one of exactly one chunk, empty ones, deletions, a capability and odd names. */
export const lazyEntries: EntryBatch = [
  ...sampleEntries,
  ...fileEntry('big', mixedBytes(2 * 2 ** 22 + 1), { mtime: 1_700_000_000, nanoseconds: 5 }),
  ...fileEntry('chunk', mixedBytes(2 ** 22), { uid: 1000, gid: 3_000_000 }),
  ...fileEntry('empty', '', { mtime: -1 }),
  createEntry({ path: 'gone', type: 'whiteout' }),
  createEntry({ path: 'null', type: 'character-device', mode: 0o666, major: 1, minor: 3 }),
  ...fileEntry(`${'long/'.repeat(30)}name`, 'x'),
  ...fileEntry(Buffer.from('zä \u2028"').toString('latin1'), Buffer.alloc(3000), {
    xattrs: new Map([['security.capability', Buffer.from([1, 0, 0, 2, 255])]])
  })
]

/** Packs entries and compresses them. */
export function packLazily(
  codec: Codec,
  entries: EntryBatch,
  threads = 2,
  level?: number,
  priorities: Priorities | null = null
): Promise<LazyLayer> {
  const settings = { budget: createBudget(threads), priorities, ...(level !== undefined && { level }) }
  return compressBlocks(codec, Readable.from([entries]).pipe(packEntries()), settings)
}

/** As `packLazily`, with blocks that are overwritten once they are given back; tells how many were not. */
export async function packLent(codec: Codec, entries: EntryBatch): Promise<LazyLayer & { readonly kept: number }> {
  let kept = 0
  const lent = async function* (blocks: AsyncIterable<TarBlock>): AsyncGenerator<TarBlock> {
    for await (const { bytes, marks } of blocks) {
      const copy = Buffer.from(bytes)
      kept += 1
      yield lend({ bytes: copy, marks }, () => {
        copy.fill(0xff)
        kept -= 1
      })
    }
  }
  const packed = Readable.from([entries]).pipe(packEntries())
  return { ...(await compressBlocks(codec, Readable.from(lent(packed)))), kept }
}

/** Compresses a tar that somebody else made. */
export function compressTar(codec: Codec, tar: Buffer | Iterable<Buffer>, threads = 2): Promise<LazyLayer> {
  const chunks = Buffer.isBuffer(tar) ? [tar] : tar
  const blocks = Readable.from(chunks).compose(splitTar('test.tar', { verified: true }))
  return compressBlocks(codec, blocks, { budget: createBudget(threads) })
}

/** Compresses what is packed already, by default at the codec's default level in two threads. */
export async function compressBlocks(
  codec: Codec,
  blocks: AsyncIterable<TarBlock>,
  settings: Partial<CompressionSettings> = {}
): Promise<LazyLayer> {
  const compressor = codec.compress({ level: codec.levels?.default ?? 0, budget: createBudget(2), ...settings })
  const chunks: Buffer[] = []
  await pipeline(Readable.from(blocks), compressor.stream, async (output: AsyncIterable<Buffer>) => {
    for await (const chunk of output) chunks.push(chunk)
  })
  return { blob: Buffer.concat(chunks), ...compressor.finish() }
}

export function sha256(bytes: Buffer): string {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`
}
