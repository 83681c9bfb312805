import { type CompressedMembers, joinMembers } from './compressed-members.js'
import { lengthOf, type Pieces } from './cut.js'
import type { DeflateReply, DeflateRequest } from './deflate-message.js'
import { gather } from './gather.js'
import { gzipMember, storedBlocks } from './gzip-member.js'
import { createSpareMemory } from './spare-memory.js'
import { createWorkerPool } from './worker-pool.js'

/**
 * libdeflate's level for each of gzip's: its own numbers give smaller output than gzip's in less time. At 6 there is
 * room to be faster still: 5 is within 1 % of `gzip -6` on layers. Measured: bench/results/codec-engines.md.
 */
const ENGINE_LEVELS = [0, 1, 2, 3, 4, 5, 5, 7, 8, 9]

const memory = createSpareMemory()

const pool = createWorkerPool<DeflateRequest, DeflateReply>('deflate', new URL('./deflate-worker.js', import.meta.url))

/** One gzip member (RFC 1952) of all pieces, made in a worker thread. `level` is gzip's, 0 to 9; 0 stores. */
export async function deflate(pieces: Pieces, level: number): Promise<Buffer> {
  const { bytes } = await deflateMembers([pieces], level)
  return bytes
}

/** A gzip member of each, made by one message to a worker thread: what is small costs less than a message. */
export async function deflateMembers(members: readonly Pieces[], level: number): Promise<CompressedMembers> {
  const engineLevel = ENGINE_LEVELS[level] ?? level
  if (engineLevel === 0) return joinMembers(members.map((pieces) => store(Buffer.concat(pieces))))
  const lengths = members.map(lengthOf)
  const input = gather(members.flat(), memory.take(lengths.reduce((total, length) => total + length, 0)))
  const reply = await pool.call({ input, lengths, level, engineLevel }, [input])
  memory.give(reply.input)
  return { bytes: Buffer.from(reply.output), lengths: reply.lengths }
}

function store(contents: Buffer): Buffer {
  return Buffer.from(gzipMember(0, contents, storedBlocks(contents)).buffer)
}
