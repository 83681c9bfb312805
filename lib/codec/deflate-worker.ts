import { parentPort } from 'node:worker_threads'
import { deflate } from 'libdeflate'
import type { DeflateReply, DeflateRequest } from './deflate-message.js'
import { gzipMember } from './gzip-member.js'

/*
 * The door to `libdeflate`, which is synchronous and takes whole buffers: so it runs in threads, a block at a time.
 * The input goes back with the result, so that its memory can be used again. The checksum is Node's, which is faster.
 */
parentPort?.on('message', (request: DeflateRequest) => {
  const reply: DeflateReply = { input: request.input, outputs: compressMembers(request) }
  parentPort?.postMessage(reply, [request.input, ...reply.outputs.map((memory) => memory as ArrayBuffer)])
})

function compressMembers({ input, lengths, level, engineLevel }: DeflateRequest): readonly ArrayBufferLike[] {
  let offset = 0
  return lengths.map((length) => {
    const contents = new Uint8Array(input, offset, length)
    offset += length
    return gzipMember(level, contents, [deflate(contents, engineLevel)]).buffer
  })
}
