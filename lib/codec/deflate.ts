import { lengthOf, type Pieces } from './cut.js'
import type { DeflateReply, DeflateRequest } from './deflate-message.js'
import { gzipHeader, storedGzipMember } from './gzip-member.js'
import { createSpareMemory } from './spare-memory.js'
import { createWorkerPool } from './worker-pool.js'

/** libdeflate's level for each of gzip's: the fastest that is as small. Measured: bench/results/codec-engines.md. */
const ENGINE_LEVELS = [0, 1, 1, 2, 3, 4, 5, 6, 7, 8]

const memory = createSpareMemory()

const pool = createWorkerPool<DeflateRequest, DeflateReply>('deflate', new URL('./deflate-worker.js', import.meta.url))

/** One gzip member (RFC 1952) of all pieces, made in a worker thread. `level` is gzip's, 0 to 9; 0 stores. */
export async function deflate(pieces: Pieces, level: number): Promise<Buffer> {
  const [member = Buffer.alloc(0)] = await deflateMembers([pieces], level)
  return member
}

/** A gzip member of each, made by one message to a worker thread: what is small costs less than a message. */
export async function deflateMembers(members: readonly Pieces[], level: number): Promise<readonly Buffer[]> {
  const engineLevel = ENGINE_LEVELS[level] ?? level
  if (engineLevel === 0) return members.map((pieces) => storedGzipMember(Buffer.concat(pieces)))
  const lengths = members.map(lengthOf)
  const input = gather(members.flat(), memory.take(lengths.reduce((total, length) => total + length, 0)))
  const reply = await pool.call({ input, lengths, level: engineLevel, header: gzipHeader(level) }, [input])
  memory.give(reply.input)
  return reply.outputs.map(({ buffer, byteOffset, byteLength }) => Buffer.from(buffer, byteOffset, byteLength))
}

/** The only copy on the way to the worker: what comes in is shared with others, so it can't be handed over. */
function gather(pieces: Pieces, target: ArrayBuffer): ArrayBuffer {
  const bytes = new Uint8Array(target)
  let offset = 0
  for (const piece of pieces) {
    bytes.set(piece, offset)
    offset += piece.length
  }
  return target
}
