import { parentPort } from 'node:worker_threads'
import type { CodecRequest } from './codec-threads.js'
import { makeMembers } from './deflate-members.js'
import { makeFrames } from './zstd-members.js'

parentPort?.on('message', (request: CodecRequest) => {
  if (request.make === 'frames') return parentPort?.postMessage(makeFrames(request))
  const reply = makeMembers(request)
  parentPort?.postMessage(reply, [reply.input, reply.output as ArrayBuffer]) // so that the input's memory can be used again
})
