import { parentPort } from 'node:worker_threads'
import { gzip } from 'libdeflate'
import type { DeflateReply, DeflateRequest } from './deflate-message.js'

/*
 * The door to `libdeflate`, which is synchronous and takes whole buffers: so it runs in threads, a block at a time.
 * The input goes back with the result, so that its memory can be used again.
 */
parentPort?.on('message', (request: DeflateRequest) => {
  const reply: DeflateReply = { input: request.input, outputs: compressMembers(request) }
  parentPort?.postMessage(reply, [request.input, ...reply.outputs.map(({ buffer }) => buffer as ArrayBuffer)])
})

function compressMembers({ input, lengths, level, header }: DeflateRequest): readonly Uint8Array[] {
  let offset = 0
  return lengths.map((length) => {
    const output = gzip(new Uint8Array(input, offset, length), level)
    output.set(header)
    offset += length
    return output
  })
}
