import { MessageChannel } from 'node:worker_threads'
import { lend } from '../streams/loan.js'
import { zstdThreads } from './codec-threads.js'
import type { CompressedMembers } from './compressed-members.js'
import { lengthOf, type Pieces } from './cut.js'
import { gather } from './gather.js'
import { createLittleWork } from './little-work.js'
import { createSpareMemory } from './spare-memory.js'
import type { FrameSettings } from './zstd-frames.js'
import type { ZstdReply, ZstdRequest } from './zstd-message.js'

/** Shared with the threads: to hand memory over and back counts as new memory each time, and has it collected. */
const memory = createSpareMemory((length) => new SharedArrayBuffer(length))

const isLittle = createLittleWork(2 ** 18)

/** A zstd frame of each, with its checksum, by one message to a worker thread: what is small costs less than a message. */
export async function makeFramesInThread(
  members: readonly Pieces[],
  { level, lends = false }: FrameSettings
): Promise<CompressedMembers> {
  if (members.length === 0) return { bytes: Buffer.alloc(0), lengths: [] }
  const lengths = members.map(lengthOf)
  const total = sum(lengths)
  const shared = gather(members.flat(), memory.take(total))
  const reply = await answer({ make: 'frames', memory: shared, lengths, level, read: null }, total)
  const bytes = Buffer.from(reply.memory, 0, sum(reply.lengths))
  if (lends) return { bytes: lend(bytes, () => memory.give(shared)), lengths: reply.lengths }
  const copy = Buffer.from(bytes)
  memory.give(shared)
  return { bytes: copy, lengths: reply.lengths }
}

/** Bytes that threads see where they are, from the start of their memory. */
export type SharedBytes = Buffer<SharedArrayBuffer>

export function isShared(bytes: Buffer): bytes is SharedBytes {
  return bytes.buffer instanceof SharedArrayBuffer && bytes.byteOffset === 0
}

/** One frame, likewise, of what stays as it is. Calls `onRead` once no thread looks at it any more. */
export async function makeFrameInThread(contents: SharedBytes, level: number, onRead: () => void): Promise<Buffer> {
  const { port1, port2: read } = new MessageChannel()
  port1.once('message', onRead)
  const { buffer, length } = contents
  const reply = await answer({ make: 'frames', memory: buffer, lengths: [length], level, read }, length)
  return Buffer.from(reply.memory)
}

/** From a worker thread, unless none is worth starting. */
async function answer(request: ZstdRequest, length: number): Promise<ZstdReply> {
  if (!isLittle(length)) return zstdThreads.call(request, request.read ? [request.read] : [])
  const { makeFrames } = await import('./zstd-members.js')
  return makeFrames(request)
}

function sum(lengths: readonly number[]): number {
  return lengths.reduce((total, length) => total + length, 0)
}
