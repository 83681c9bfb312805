import { parentPort } from 'node:worker_threads'
import { makeMembers } from './deflate-members.js'
import type { DeflateRequest } from './deflate-message.js'

/* The input goes back with the result, so that its memory can be used again. */
parentPort?.on('message', (request: DeflateRequest) => {
  const reply = makeMembers(request)
  parentPort?.postMessage(reply, [reply.input, reply.output as ArrayBuffer])
})
