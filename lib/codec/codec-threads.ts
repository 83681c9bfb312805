import type { DeflateReply, DeflateRequest } from './deflate-message.js'
import { createWorkerPool, type WorkerPool } from './worker-pool.js'
import type { ZstdReply, ZstdRequest } from './zstd-message.js'

export type CodecRequest = DeflateRequest | ZstdRequest

/**
 * The threads of all codecs: those that compress one layer at the same time share them. What is asked for says which
 * reply comes.
 */
const threads = createWorkerPool<CodecRequest, never>('codec', new URL('./codec-worker.js', import.meta.url))

export const deflateThreads: WorkerPool<DeflateRequest, DeflateReply> = threads

export const zstdThreads: WorkerPool<ZstdRequest, ZstdReply> = threads
