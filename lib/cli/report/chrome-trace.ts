import type { Recording } from '../progress/recorder.js'
import type { ProgressPart, ProgressStep } from '../progress/step.js'

/**
 * A run in the trace event format that Chrome's and Perfetto's viewers read (Trace Event Format, "JSON Object
 * Format"): a thread for each step, with its parts, and a counter for its bytes. Times are microseconds from the start.
 */
export function chromeTrace({ steps, samples }: Recording): string {
  const start = Math.min(...steps.map(({ started }) => started))
  const numbers = new Map(steps.map(({ key, number }) => [key, number]))
  const micros = (time: number): number => (time - start) * 1000
  const events = [
    ...steps.map(threadName),
    ...steps.map((step) => complete(step, step.number, micros)),
    ...steps.flatMap((step) => step.parts.map((part) => complete(part, step.number, micros))),
    ...samples.map(({ key, at, bytes }) => {
      return { ph: 'C', pid: PROCESS, name: `bytes of #${numbers.get(key)}`, ts: micros(at), args: { bytes } }
    })
  ]
  return `${JSON.stringify({ displayTimeUnit: 'ms', traceEvents: events })}\n`
}

const PROCESS = 1

function threadName({ number, label }: ProgressStep): object {
  return { ph: 'M', pid: PROCESS, tid: number, name: 'thread_name', args: { name: `#${number} ${label}` } }
}

function complete(span: ProgressStep | ProgressPart, thread: number, micros: (time: number) => number): object {
  const { started, ended } = span
  return {
    ph: 'X',
    pid: PROCESS,
    tid: thread,
    name: 'label' in span ? span.label : span.name,
    ts: micros(started),
    dur: micros(ended ?? started) - micros(started),
    args: 'label' in span ? { bytes: span.bytes, error: span.error } : { cached: span.cached }
  }
}
