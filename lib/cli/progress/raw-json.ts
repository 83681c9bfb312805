import type { ProgressPart, ProgressStep, ProgressView } from './step.js'

/** A JSON document a line for programs, as BuildKit's SolveStatus: vertexes, statuses, logs and warnings. */
export function createRawJsonView(write: (text: string) => void): ProgressView {
  const send = (status: object): void => write(`${JSON.stringify(status)}\n`)
  return {
    opened: (step) => send({ vertexes: [vertexOf(step)] }),
    moved: (step) => send({ statuses: [statusOf(step)] }),
    parted: (step, part) => send({ statuses: [partStatusOf(step, part)] }),
    ended: (step) => send({ vertexes: [vertexOf(step)] }),
    noted: (step, message) => send({ logs: [logOf(step, message)] }),
    warned: (message) => send({ warnings: [{ level: 1, short: Buffer.from(message).toString('base64') }] }),
    close: () => {}
  }
}

function vertexOf(step: ProgressStep): object {
  return {
    digest: digestOf(step.key),
    ...(step.inputs.length > 0 && { inputs: step.inputs.map(digestOf) }),
    name: step.label,
    started: timeOf(step.started),
    ...(step.ended !== null && { completed: timeOf(step.ended) }),
    ...(step.error !== null && { error: step.error })
  }
}

function statusOf(step: ProgressStep): object {
  return {
    id: step.label,
    vertex: digestOf(step.key),
    current: step.bytes,
    ...(step.total !== null && { total: step.total }),
    timestamp: timeOf(Date.now()),
    started: timeOf(step.started)
  }
}

function partStatusOf(step: ProgressStep, { name, started, ended }: ProgressPart): object {
  return {
    id: name,
    vertex: digestOf(step.key),
    current: 0,
    timestamp: timeOf(Date.now()),
    started: timeOf(started),
    ...(ended !== null && { completed: timeOf(ended) })
  }
}

function logOf(step: ProgressStep, message: string): object {
  const data = Buffer.from(`${message}\n`).toString('base64')
  return { vertex: digestOf(step.key), stream: STDERR, data, timestamp: timeOf(Date.now()) }
}

function digestOf(key: string): string {
  return `sha256:${key}`
}

function timeOf(milliseconds: number): string {
  return new Date(milliseconds).toISOString()
}

const STDERR = 2
