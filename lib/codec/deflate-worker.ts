import { parentPort } from 'node:worker_threads'
import { gzip } from 'libdeflate'
import type { DeflateReply, DeflateRequest } from './deflate-message.js'

/*
 * The door to `libdeflate`, which is synchronous and takes whole buffers: so it runs in threads, a block at a time.
 * The input goes back with the result, so that its memory can be used again.
 */
parentPort?.on('message', ({ input, length, level, header }: DeflateRequest) => {
  const output = gzip(new Uint8Array(input, 0, length), level)
  output.set(header)
  const reply: DeflateReply = { input, output }
  parentPort?.postMessage(reply, [input, output.buffer as ArrayBuffer])
})
