import { type Duplex, PassThrough, type Readable, type Writable } from 'node:stream'
import { errorOf, InputError } from '../errors.js'
import { flow } from '../streams/flow.js'
import { Collector } from './collector.js'
import type { Contexts } from './contexts.js'
import { createItemTee } from './fork.js'
import type { Plan, Step } from './plan.js'

/** The last item of a node that was asked for (a sink's receipt), or why there is none. */
export type Outcome<T> = { readonly ok: true; readonly item: T } | { readonly ok: false; readonly error: unknown }

/** A plan that was started: each stretch between two fan-outs is a line, opened as one pipeline. */
export interface Lines<T> {
  readonly started: readonly Promise<void>[]
  /** The operations that lines which have not ended lead to. */
  pending(): readonly string[]
  /** The last item of each target. Call it when all lines have settled. */
  outcomes(): Promise<Outcome<T>[]>
}

export function startLines<T>(plan: Plan, contexts: Contexts, signal: AbortSignal): Lines<T> {
  return new Starter<T>(plan, contexts, signal)
}

type Stream = Readable | Duplex | Writable

class Starter<T> implements Lines<T> {
  readonly started: Promise<void>[] = []
  readonly #plan: Plan
  readonly #contexts: Contexts
  readonly #signal: AbortSignal
  readonly #pending = new Map<Promise<void>, string>()
  readonly #ports = new Map<Step, Readable[]>()
  readonly #results = new Map<Step, { readonly collector: Collector; readonly line: Promise<void> }>()

  constructor(plan: Plan, contexts: Contexts, signal: AbortSignal) {
    this.#plan = plan
    this.#contexts = contexts
    this.#signal = signal
    for (const step of plan.steps) if (step.inputs.length === 0) this.#line([], step, [])
  }

  pending(): readonly string[] {
    return [...this.#pending.values()]
  }

  outcomes(): Promise<Outcome<T>[]> {
    return Promise.all(this.#plan.targets.map((step) => this.#outcomeOf(step)))
  }

  async #outcomeOf(step: Step): Promise<Outcome<T>> {
    const result = this.#results.get(step)
    try {
      await result?.line
      return { ok: true, item: result?.collector.last as T }
    } catch (error) {
      return { ok: false, error }
    }
  }

  /** Opens `first` and the stages after it, up to where the items fan out, meet others, or end. */
  #line(streams: Stream[], first: Step, inputs: readonly Readable[]): void {
    let step = first
    streams.push(this.#open(step, inputs))
    for (let next = this.#onlyNext(step); next; next = this.#onlyNext(step)) {
      step = next
      streams.push(this.#open(step, []))
    }
    this.#end(streams, step)
  }

  #open(step: Step, inputs: readonly Readable[]): Readable | Duplex {
    const { node } = step
    const stream = openOrFail(() => streamOf(node, node.open(this.#contexts.of(node), inputs)), inputs)
    this.#contexts.trace(node, 'open')
    stream.once('end', () => this.#contexts.trace(node, 'end'))
    stream.once('error', (error: unknown) => this.#contexts.trace(node, 'error', error))
    return stream
  }

  #onlyNext(step: Step): Step | null {
    const [next] = step.next
    const alone = step.next.length === 1 && !this.#plan.targets.includes(step)
    return alone && next?.inputs.length === 1 ? next : null
  }

  #end(streams: Stream[], step: Step): void {
    const collector = this.#plan.targets.includes(step) ? new Collector() : null
    if (collector && step.next.length === 0) {
      return void this.#results.set(step, { collector, line: this.#flow([...streams, collector], step) })
    }
    const branches = step.next.map(() => createBranch())
    const own = collector ? [createBranch()] : []
    const all = [...branches, ...own]
    this.#flow([...streams, ...(all.length === 1 ? all : [createItemTee(all)])], step)
    if (collector) this.#results.set(step, { collector, line: this.#flow([...own, collector], step) })
    step.next.forEach((next, index) => this.#enter(next, step, branches[index] ?? createBranch()))
  }

  /** Starts the line of `step` on a branch; a join starts when its last input is there. */
  #enter(step: Step, from: Step, branch: PassThrough): void {
    if (step.inputs.length === 1) return this.#line([branch], step, [])
    const ports = this.#ports.get(step) ?? []
    const port = step.inputs.findIndex((input, index) => input === from && ports[index] === undefined)
    ports[port] = branch
    this.#ports.set(step, ports)
    if (step.inputs.every((_, index) => ports[index])) this.#line([], step, ports)
  }

  #flow(streams: readonly Stream[], step: Step): Promise<void> {
    const line = flow(streams, this.#signal)
    this.started.push(line)
    this.#pending.set(line, step.node.operation)
    const settle = (): void => void this.#pending.delete(line)
    line.then(settle, settle)
    return line
  }
}

/** A stage that can't be opened is one that fails at once: what has been started ends as it does with any other. */
function openOrFail(open: () => Readable | Duplex, inputs: readonly Readable[]): Readable | Duplex {
  try {
    return open()
  } catch (error) {
    const reason = errorOf(error)
    for (const input of inputs) input.destroy(reason)
    return new PassThrough({ objectMode: true }).destroy(reason)
  }
}

/** A program without types may give anything. */
function streamOf<S extends Readable | Duplex>({ operation }: Step['node'], made: S): S {
  if (typeof made?.pipe === 'function') return made
  const expected = 'a stream of Node or, of a custom stage, an async generator function'
  throw new InputError({ operation: 'open stage', subject: operation, expected, found: kindOf(made) })
}

function kindOf(value: unknown): string {
  if (value === undefined || value === null) return 'nothing'
  return typeof value === 'object' ? `an object of ${value.constructor?.name}` : typeof value
}

/** Between two lines handles wait, not bytes: enough of them that a sink can look ahead over any usual image. */
function createBranch(): PassThrough {
  return new PassThrough({ objectMode: true, highWaterMark: 256 })
}
