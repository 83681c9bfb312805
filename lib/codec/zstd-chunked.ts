import type { Annotations } from '../blob/descriptor.js'
import { digestOf } from '../blob/digest.js'
import type { Budget } from '../graph/context.js'
import type { Codec } from './codec.js'
import type { Pieces } from './cut.js'
import { checkLevel } from './level.js'
import { createTarSplit } from './tar-split.js'
import { createTocCompressor, type TocFormat } from './toc-compressor.js'
import { createTocFiles } from './toc-files.js'
import { createTextBlocks, createTocText } from './toc-text.js'
import { libraryLevel, zstd } from './zstd.js'
import { type CompressedDocument, zstdChunkedEnd } from './zstd-chunked-end.js'
import { zstdChunkedRecords } from './zstd-chunked-toc.js'
import { compressZstdFrameWithin, type FrameSettings } from './zstd-frames.js'
import { makeFramesInThread } from './zstd-thread.js'

/**
 * zstd:chunked (containers/storage, pkg/chunked): zstd that is pulled in part. Every file's contents begin a frame,
 * and so does every chunk of them; a table of contents and what makes the tar again follow in skippable frames. Frames
 * are made in threads, whatever their size: the native library would have each copied together first, in this one.
 */
export const zstdChunked: Codec = {
  name: 'zstd:chunked',
  format: 'zstd',
  version: `${zstd.version} toc/2`,
  levels: zstd.levels,
  needsOciMediaTypes: true,
  compress({ level, budget, digests = null, lends = false }) {
    checkLevel(zstdChunked, level)
    return createTocCompressor(createZstdChunked({ level: libraryLevel(level), lends }, budget), budget, digests)
  }
}

function createZstdChunked(settings: FrameSettings, budget: Budget): TocFormat {
  const { level } = settings
  const manifest = createDocument(level, budget)
  const tarSplit = createDocument(level, budget)
  const text = createTocText(manifest.add)
  const lines = createTextBlocks(tarSplit.add)
  const disassembly = createTarSplit((line) => lines.add(line))
  const recordFiles = createTocFiles((entry, contents) => {
    for (const record of zstdChunkedRecords(entry, contents)) text.add(record)
  })
  let annotations: Annotations = {}
  return {
    prepare: (blocks) => blocks,
    compress: (members) => makeFramesInThread(members, settings),
    record(member, offset, end) {
      disassembly.add(member)
      recordFiles(member, offset, end)
    },
    async end(offset) {
      const faithful = disassembly.end()
      lines.end()
      const split = faithful ? await tarSplit.end(lines.length) : null
      const length = text.end(split ? { tarSplitDigest: digestOf(split.bytes) } : {})
      const end = zstdChunkedEnd(offset, await manifest.end(length), split)
      annotations = end.annotations
      return end.frames
    },
    result: () => ({ annotations })
  }
}

/** Compresses a long text block by block, as frames one after another. */
function createDocument(level: number, budget: Budget) {
  const frames: Promise<Pieces>[] = []
  return {
    add(block: Buffer): void {
      const frame = compressZstdFrameWithin(budget, [block], { level })
      frame.catch(() => {}) // seen by `end`, if it comes to that
      frames.push(frame)
    },
    async end(uncompressed: number): Promise<CompressedDocument> {
      return { bytes: Buffer.concat((await Promise.all(frames)).flat()), uncompressed }
    }
  }
}
