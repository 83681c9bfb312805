import { parentPort } from 'node:worker_threads'
import type { CodecRequest } from './codec-threads.js'
import { makeMembers } from './deflate-members.js'
import { makeFrames } from './zstd-members.js'

parentPort?.on('message', (request: CodecRequest) => {
  if (request.make === 'frames') {
    const reply = makeFrames(request)
    answer(reply, [reply.memory])
  } else {
    const reply = makeMembers(request)
    answer(reply, [reply.input, reply.output]) // the input, too, so that its memory can be used again
  }
})

/** Hands over what is not shared: that is not copied, and counts as memory of the thread that has it. */
function answer(reply: object, memories: readonly ArrayBufferLike[]): void {
  parentPort?.postMessage(
    reply,
    memories.filter((memory) => memory instanceof ArrayBuffer)
  )
}
