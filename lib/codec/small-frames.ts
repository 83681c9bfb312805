import { type CompressedMembers, joinMembers } from './compressed-members.js'
import { lengthOf, type Pieces } from './cut.js'
import { gather } from './gather.js'
import type { SmallFramesReply, SmallFramesRequest } from './small-frames-message.js'
import { createSpareMemory } from './spare-memory.js'
import { createWorkerPool } from './worker-pool.js'

/*
 * The native library takes every input for one of unknown length, and so makes tables for the largest: at level 19
 * that is 50 ms a frame, whatever is in it. The library in WebAssembly is told the length.
 */

/** Up to here the tables cost more than what WebAssembly is slower. Bytes that go out depend on it. */
export const LARGEST_SMALL = 2 ** 17

const memory = createSpareMemory()

const script = new URL('./small-frames-worker.js', import.meta.url)

const pool = createWorkerPool<SmallFramesRequest, SmallFramesReply>('small frames', script)

/** A zstd frame of each, with its checksum, made by one message to a worker thread. `level` is the library's, 1 to 22. */
export async function compressSmallFrames(members: readonly Pieces[], level: number): Promise<CompressedMembers> {
  if (members.length === 0) return joinMembers([])
  const lengths = members.map(lengthOf)
  const input = gather(members.flat(), memory.take(lengths.reduce((total, length) => total + length, 0)))
  const reply = await pool.call({ input, lengths, level }, [input])
  memory.give(reply.input)
  return { bytes: Buffer.from(reply.output), lengths: reply.lengths }
}
