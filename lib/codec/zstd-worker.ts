import { parentPort } from 'node:worker_threads'
import { makeFrames } from './zstd-members.js'
import type { ZstdRequest } from './zstd-message.js'

parentPort?.on('message', (request: ZstdRequest) => {
  parentPort?.postMessage(makeFrames(request))
})
