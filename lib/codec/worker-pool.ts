import { type Transferable, Worker } from 'node:worker_threads'
import { LayerpipeError } from '../errors.js'

/** A worker thread ended before it had answered. */
export class WorkerError extends LayerpipeError {
  readonly code = 'ERR_WORKER'
}

/** Threads that all run one script, which answers each message with one message. */
export interface WorkerPool<Request, Reply> {
  /**
   * Sends a request to an idle thread, or to a new one where none is idle: who calls limits how many there are.
   * Rejects with a WorkerError if the thread dies.
   */
  call(request: Request, transfer: readonly Transferable[]): Promise<Reply>
}

/** The identifier of a thread that has ended, maybe together with its answer. */
const ENDED = -1

/** A pool that starts threads as they are needed. Idle threads don't keep the process alive, and end with it. */
export function createWorkerPool<Request, Reply>(name: string, script: URL): WorkerPool<Request, Reply> {
  const idle = new Set<Worker>()
  return {
    async call(request, transfer) {
      const [worker = startWorker(name, script, idle)] = idle
      idle.delete(worker)
      worker.ref()
      const reply = await ask<Reply>(worker, name, () => worker.postMessage(request, transfer))
      worker.unref()
      if (worker.threadId !== ENDED) idle.add(worker)
      return reply
    }
  }
}

/**
 * A thread that leaves `idle` when it ends, whatever it was doing. It has nothing to print: with the streams of the
 * process, of which each gets listeners from each thread, Node would warn of a leak where there are ten cores.
 */
function startWorker(name: string, script: URL, idle: Set<Worker>): Worker {
  const resourceLimits = { maxYoungGenerationSizeMb: YOUNG_GENERATION }
  const worker = new Worker(script, { name, execArgv: [], stdout: true, stderr: true, resourceLimits })
  worker.on('error', () => {}) // whoever waits for its answer is told; while it is idle, nobody has to be
  worker.once('exit', () => idle.delete(worker))
  return worker
}

/** Codecs keep their memory, and make little anew. Megabytes; as much as V8 takes by itself is 5 MB more for each thread. */
const YOUNG_GENERATION = 2

function ask<Reply>(worker: Worker, name: string, send: () => void): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const settle = (act: () => void): void => {
      worker.off('message', answer).off('error', fail).off('exit', end)
      act()
    }
    const answer = (reply: Reply): void => settle(() => resolve(reply))
    const fail = (cause: unknown): void => settle(() => reject(died(name, { cause })))
    const end = (status: number): void => settle(() => reject(died(name, { found: `its end with status ${status}` })))
    worker.on('message', answer).on('error', fail).on('exit', end)
    send()
  })
}

function died(name: string, what: { cause: unknown } | { found: string }): WorkerError {
  return new WorkerError({ operation: 'compress', subject: `worker thread ${name}`, ...what })
}
