import { deflateThreads } from './codec-threads.js'
import { type CompressedMembers, joinMembers } from './compressed-members.js'
import { lengthOf, type Pieces } from './cut.js'
import type { DeflateReply, DeflateRequest } from './deflate-message.js'
import { gather } from './gather.js'
import { gzipMember, storedBlocks } from './gzip-member.js'
import { createLittleWork } from './little-work.js'
import { createSpareMemory } from './spare-memory.js'

/**
 * libdeflate's level for each of gzip's: whole layers come out no more than 1 % larger than gzip's own, in less than half
 * of the time. Its 1 is not as small, and its 5 is too large for `gzip -6`: bench/results/codec-engines.md.
 */
const ENGINE_LEVELS = [0, 2, 2, 3, 4, 5, 6, 7, 8, 9]

const memory = createSpareMemory((length) => new ArrayBuffer(length))

/** What is compressed in this thread: where little is expected to follow, more. */
const isLittle = { much: createLittleWork(2 ** 18), little: createLittleWork(2 ** 22) }

/** What is expected of the members that follow. */
type Following = keyof typeof isLittle

/** One gzip member (RFC 1952) of all pieces, made in a worker thread. `level` is gzip's, 0 to 9; 0 stores. */
export async function deflate(pieces: Pieces, level: number, following: Following = 'much'): Promise<Buffer> {
  const { bytes } = await deflateMembers([pieces], level, following)
  return bytes
}

/** A gzip member of each, made by one message to a worker thread: what is small costs less than a message. */
export async function deflateMembers(
  members: readonly Pieces[],
  level: number,
  following: Following = 'much'
): Promise<CompressedMembers> {
  const engineLevel = ENGINE_LEVELS[level] ?? level
  if (engineLevel === 0) return joinMembers(members.map((pieces) => [store(Buffer.concat(pieces))]))
  const lengths = members.map(lengthOf)
  const total = lengths.reduce((sum, length) => sum + length, 0)
  const input = gather(members.flat(), memory.take(total))
  const reply = await answer({ make: 'members', input, lengths, level, engineLevel }, total, following)
  memory.give(reply.input)
  return { bytes: Buffer.from(reply.output), lengths: reply.lengths }
}

/** From a worker thread, unless none is worth starting. */
async function answer(request: DeflateRequest, length: number, following: Following): Promise<DeflateReply> {
  if (!isLittle[following](length)) return deflateThreads.call(request, [request.input])
  const { makeMembers } = await import('./deflate-members.js')
  return makeMembers(request)
}

function store(contents: Buffer): Buffer {
  return Buffer.from(gzipMember(0, contents, storedBlocks(contents)).buffer)
}
