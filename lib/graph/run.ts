import { randomUUID } from 'node:crypto'
import { setMaxListeners } from 'node:events'
import { type Budget, createBudget } from './context.js'
import { createContexts } from './contexts.js'
import { type Outcome, startLines } from './lines.js'
import type { Node } from './node.js'
import { plan } from './plan.js'
import type { Provision } from './resource.js'
import { createTemporaryDirectory } from './temporary.js'
import { watchUnfinished } from './unfinished.js'

export interface RunOptions {
  readonly signal?: AbortSignal
  /** Shared by all branches; give several runs the same one to share it between them. */
  readonly budget?: Budget
  /** What stages ask for by `context.resource`. */
  readonly provide?: readonly Provision[]
  /** Where spools go; the system's temporary directory by default. */
  readonly temporary?: string
}

/**
 * Does the work that the nodes stand for, equal work once, and gives the last item of each, in order.
 *
 * The first error stops everything and is what this rejects with, whatever it made others say.
 */
export async function run<T>(nodes: readonly Node<T>[], options: RunOptions = {}): Promise<T[]> {
  const own = new AbortController()
  const outcomes = await execute(nodes, options, own, (error) => own.abort(error))
  if (own.signal.aborted) throw own.signal.reason
  return outcomes.map((outcome) => {
    if (!outcome.ok) throw outcome.error
    return outcome.item
  })
}

/** As `run`, but a branch that fails drops out while the others go on: each node has an outcome of its own. */
export function runKeepGoing<T>(nodes: readonly Node<T>[], options: RunOptions = {}): Promise<Outcome<T>[]> {
  return execute(nodes, options, new AbortController(), () => {})
}

async function execute<T>(
  nodes: readonly Node<T>[],
  options: RunOptions,
  own: AbortController,
  onError: (error: unknown) => void
): Promise<Outcome<T>[]> {
  const signal = options.signal ? AbortSignal.any([own.signal, options.signal]) : own.signal
  setMaxListeners(0, signal) // every line listens, and a plan may have any number of them
  const temporary = createTemporaryDirectory(options.temporary)
  const contexts = createContexts(randomUUID(), {
    signal,
    budget: options.budget ?? createBudget(),
    provide: options.provide ?? [],
    temporary
  })
  const lines = startLines<T>(plan(nodes), contexts, signal)
  for (const line of lines.started) line.catch(onError)
  const watch = watchUnfinished(
    () => lines.pending(),
    signal,
    (error) => own.abort(error)
  )
  try {
    await Promise.race([Promise.allSettled(lines.started), watch.stuck])
    return await lines.outcomes()
  } finally {
    watch.end()
    await contexts.close()
    await temporary.remove()
  }
}
