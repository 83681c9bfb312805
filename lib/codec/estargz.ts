import { finishDigest, startDigest } from '../blob/digest.js'
import { InputError } from '../errors.js'
import type { Budget } from '../graph/context.js'
import type { TarBlock } from '../tar/block.js'
import type { Codec, CompressionSettings } from './codec.js'
import { ESTARGZ_MARK } from './codec-of.js'
import { lengthOf, type Pieces } from './cut.js'
import { deflate, deflateMembers } from './deflate.js'
import { estargzFooter, tocTar } from './estargz-end.js'
import { checkName, RESERVED, TOC_NAME } from './estargz-names.js'
import { estargzRecords } from './estargz-toc.js'
import { withoutEnd } from './estargz-without-end.js'
import { withoutOwn } from './estargz-without-own.js'
import { gzip } from './gzip.js'
import { checkLevel } from './level.js'
import { prioritize } from './prioritize.js'
import { createTocCompressor, type TocFormat } from './toc-compressor.js'
import { createTocFiles } from './toc-files.js'
import { createTocText } from './toc-text.js'
import { withinBudget } from './within-budget.js'

/** Says how much the layer unpacks to, for readers that have to know before they have it. */
const SIZE_ANNOTATION = 'io.containers.estargz.uncompressed-size'

/** What is made anew in any case; a landmark keeps its meaning where the order of entries stays. */
const TOC: ReadonlySet<string> = new Set([TOC_NAME])

/** The table has to be one gzip member, made from memory; this is one of over 300,000 files. */
const LARGEST_TOC = 2 ** 27

/**
 * eStargz (containerd/stargz-snapshotter, docs/estargz.md): gzip that is pulled lazily. Every file's contents begin a
 * member, and so does every chunk of them; a table of contents is the last entry of the tar.
 */
export const estargz: Codec = {
  name: 'estargz',
  format: 'gzip',
  version: `${gzip.version} toc/1`,
  levels: gzip.levels,
  needsOciMediaTypes: true,
  compress({ level, budget, priorities = null, stored = false, digests = null }) {
    checkLevel(estargz, level)
    return createTocCompressor(createEstargz({ level, budget, priorities, stored }), budget, digests)
  }
}

type EstargzSettings = Required<Pick<CompressionSettings, 'level' | 'budget' | 'priorities' | 'stored'>>

function createEstargz({ level, budget, priorities, stored }: EstargzSettings): TocFormat {
  const layer = startDigest()
  const toc: Buffer[] = []
  const text = createTocText((block) => {
    toc.push(block)
    checkToc(lengthOf(toc)) // what is too much is not gathered first
  })
  const tocDigest = startDigest()
  const annotations: Record<string, string> = {}
  let size = 0
  let prioritized: readonly string[] = []
  const count = (bytes: Buffer): void => {
    layer.update(bytes)
    size += bytes.length
  }
  return {
    async *prepare(blocks) {
      const own = stored ? withoutOwn(blocks, priorities ? RESERVED : TOC) : checkNames(blocks)
      const ordered = priorities ? prioritize(own, priorities, (found) => (prioritized = found)) : own
      for await (const block of withoutEnd(ordered)) {
        count(block.bytes)
        yield block
      }
    },
    compress: (members) => deflateMembers(members, level),
    record: createTocFiles((entry, contents) => {
      for (const record of estargzRecords(entry, contents)) text.add(record)
    }),
    async end(offset) {
      text.end()
      for (const block of toc) tocDigest.update(block)
      const tar = tocTar(toc)
      for (const bytes of tar) count(bytes)
      annotations[ESTARGZ_MARK] = finishDigest(tocDigest)
      annotations[SIZE_ANNOTATION] = String(size)
      return [await compressWithin(budget, tar, level), estargzFooter(offset)]
    },
    result: () => ({ annotations, diffID: finishDigest(layer), prioritized })
  }
}

function compressWithin(budget: Budget, tar: Pieces, level: number): Promise<Buffer> {
  return withinBudget(budget, lengthOf(tar), () => deflate(tar, level))
}

async function* checkNames(blocks: AsyncIterable<TarBlock>): AsyncGenerator<TarBlock> {
  for await (const block of blocks) {
    for (const { entry } of block.marks) checkName(entry)
    yield block
  }
}

function checkToc(length: number): void {
  if (length <= LARGEST_TOC) return
  throw new InputError({
    operation: 'compress layer as estargz',
    subject: 'its table of contents',
    expected: `at most ${LARGEST_TOC} bytes`,
    found: String(length),
    advice: 'use compression zstd:chunked, or gzip'
  })
}
