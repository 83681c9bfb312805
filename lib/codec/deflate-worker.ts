import { parentPort } from 'node:worker_threads'
import { deflate } from 'libdeflate'
import type { DeflateReply, DeflateRequest } from './deflate-message.js'
import { gzipMember } from './gzip-member.js'

/*
 * The door to `libdeflate`, which is synchronous and takes whole buffers: so it runs in threads, a block at a time.
 * The input goes back with the result, so that its memory can be used again. The checksum is Node's, which is faster.
 */
parentPort?.on('message', (request: DeflateRequest) => {
  const members = compressMembers(request)
  const lengths = members.map(({ byteLength }) => byteLength)
  const reply: DeflateReply = { input: request.input, output: join(members), lengths }
  parentPort?.postMessage(reply, [request.input, reply.output as ArrayBuffer])
})

function compressMembers({ input, lengths, level, engineLevel }: DeflateRequest): readonly ArrayBufferLike[] {
  let offset = 0
  return lengths.map((length) => {
    const contents = new Uint8Array(input, offset, length)
    offset += length
    return gzipMember(level, contents, [deflate(contents, engineLevel)]).buffer
  })
}

/** One memory to hand over: thousands of small ones would cost as much as to compress them. */
function join(members: readonly ArrayBufferLike[]): ArrayBufferLike {
  const [only] = members
  if (members.length === 1 && only) return only
  const joined = new Uint8Array(members.reduce((total, { byteLength }) => total + byteLength, 0))
  let offset = 0
  for (const member of members) {
    joined.set(new Uint8Array(member), offset)
    offset += member.byteLength
  }
  return joined.buffer
}
