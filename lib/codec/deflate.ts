import type { Budget } from '../graph/context.js'
import { withinBudget } from './block-compressor.js'
import { lengthOf, type Pieces } from './cut.js'
import type { DeflateReply, DeflateRequest } from './deflate-message.js'
import { gzipHeader, storedGzipMember } from './gzip-member.js'
import { createWorkerPool } from './worker-pool.js'

/** libdeflate's level for each gzip level, found by measurement: bench/results/codec-engines.md. */
const ENGINE_LEVELS = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]

/** Levels below this need no engine. */
const LOWEST_ENGINE_LEVEL = 1

const pool = createWorkerPool<DeflateRequest, DeflateReply>('deflate', new URL('./deflate-worker.js', import.meta.url))

/**
 * Compresses bytes to one gzip member, in a worker thread, within the budget.
 *
 * @param level 0 to 9, as gzip has them; 0 stores.
 */
export function compressGzipMember(pieces: Pieces, level: number, budget: Budget): Promise<Buffer> {
  const length = lengthOf(pieces)
  return withinBudget(budget, length, async () => {
    if (level < LOWEST_ENGINE_LEVEL) return storedGzipMember(Buffer.concat(pieces))
    const input = gather(pieces, length)
    const request = { input, length, level: ENGINE_LEVELS[level] ?? level, header: gzipHeader(level) }
    const { output } = await pool.call(request, [input])
    return Buffer.from(output.buffer, output.byteOffset, output.byteLength)
  })
}

/** The only copy on the way to the worker: what comes in is shared with others, so it can't be handed over. */
function gather(pieces: Pieces, length: number): ArrayBuffer {
  const memory = new ArrayBuffer(length)
  const bytes = new Uint8Array(memory)
  let offset = 0
  for (const piece of pieces) {
    bytes.set(piece, offset)
    offset += piece.length
  }
  return memory
}
