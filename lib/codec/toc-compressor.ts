import type { Budget } from '../graph/context.js'
import { generate } from '../streams/generate.js'
import { inOrder } from '../streams/in-order.js'
import { giveBack } from '../streams/loan.js'
import type { TarBlock } from '../tar/block.js'
import type { ChunkDigests } from './chunk-digests.js'
import type { CompressionResult, Compressor } from './codec.js'
import type { CompressedMembers } from './compressed-members.js'
import type { Pieces } from './cut.js'
import { cutMembers, type Member, piecesOf, weightOf } from './toc-members.js'
import { widthOf, withinBudget } from './within-budget.js'

/** What one kind of lazily pullable blob does for one layer. */
export interface TocFormat {
  /** The layer's blocks as they are to be compressed. */
  prepare(blocks: AsyncIterable<TarBlock>): AsyncIterable<TarBlock>
  /** Compresses each on its own; called within the budget. */
  compress(members: readonly Pieces[]): Promise<CompressedMembers>
  /** Takes note of a member that lies in the blob from `offset` up to `end`. Called in the order of the layer. */
  record(member: Member, offset: number, end: number): void
  /** What follows the last member, which ends at `offset`. */
  end(offset: number): Promise<readonly Buffer[]>
  result(): CompressionResult
}

/** Compresses a layer in members that begin with its files, several at a time, and puts a table of them at the end. */
export function createTocCompressor(format: TocFormat, budget: Budget, digests: ChunkDigests | null): Compressor {
  const closed = new AbortController()
  const compress = async (members: readonly Member[]): Promise<Compressed> => {
    const work = () => format.compress(members.map(piecesOf))
    return { members, output: await withinBudget(budget, weightOf(members), work, closed.signal) }
  }
  const stream = generate<TarBlock, Buffer>(async function* (blocks) {
    let offset = 0
    for await (const batch of inOrder(cutMembers(format.prepare(blocks), digests), widthOf(budget), compress)) {
      recordAll(format, batch, offset)
      giveBack(batch.members)
      offset += batch.output.bytes.length
      yield batch.output.bytes
    }
    yield* await format.end(offset)
  })
  stream.once('close', () => closed.abort())
  return { stream, finish: () => format.result() }
}

interface Compressed {
  readonly members: readonly Member[]
  readonly output: CompressedMembers
}

function recordAll(format: TocFormat, { members, output }: Compressed, start: number): void {
  let offset = start
  for (const [index, member] of members.entries()) {
    const end = offset + (output.lengths[index] ?? 0)
    format.record(member, offset, end)
    offset = end
  }
}
