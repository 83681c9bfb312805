import { fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { LayerpipeError } from '../errors.js'
import type { Measurement, MeasureReply, MeasureRequest } from './measurement.js'
import { formatSetting } from './setting.js'

/** A setting could not be measured. */
export class BenchmarkError extends LayerpipeError {
  readonly code = 'ERR_BENCHMARK'
}

const SCRIPT = fileURLToPath(new URL('./measure-process.js', import.meta.url))

/**
 * Measures one setting in a process of its own, which has ended when this settles.
 *
 * @throws BenchmarkError if the setting fails or the process dies, and the signal's reason if it is aborted
 */
export async function measure(request: MeasureRequest, signal: AbortSignal): Promise<Measurement> {
  const reply = await ask(request, signal)
  signal.throwIfAborted()
  if (reply.ok) return reply.measurement
  throw new BenchmarkError({ operation: 'measure', subject: formatSetting(request.setting), found: reply.message })
}

function ask(request: MeasureRequest, signal: AbortSignal): Promise<MeasureReply> {
  return new Promise((resolve, reject) => {
    let reply: MeasureReply | null = null
    const child = fork(SCRIPT, { execArgv: [], stdio: ['ignore', 'ignore', 'inherit', 'ipc'] })
    const stop = (): void => void child.kill('SIGKILL') // it has nothing to clean up, and may be deep in a library
    signal.addEventListener('abort', stop, { once: true })
    child.once('message', (message) => {
      reply = message as MeasureReply // what measure-process.ts sends
    })
    child.once('error', reject)
    child.once('exit', (status, name) => {
      signal.removeEventListener('abort', stop)
      resolve(reply ?? { ok: false, message: `the end of its process with ${name ?? `status ${status}`}` })
    })
    child.send(request)
    if (signal.aborted) stop()
  })
}
