import { noteChannel, type PartEvent, partChannel, progressChannel, type StageEvent, stageChannel } from '../trace.js'
import type { Budget, Context, EndPart } from './context.js'
import type { Node } from './node.js'
import type { Provision, Resource } from './resource.js'
import type { TemporaryDirectory } from './temporary.js'

export interface ContextOptions {
  readonly signal: AbortSignal
  readonly budget: Budget
  readonly provide: readonly Provision[]
  readonly temporary: TemporaryDirectory
}

/** Makes the context of each node of a run, and ends what was made for the run alone. */
export interface Contexts {
  of(node: Node<unknown>): Context
  trace(node: Node<unknown>, event: StageEvent['event'], error?: unknown): void
  close(): Promise<void>
}

export function createContexts(run: string, options: ContextOptions): Contexts {
  const resources = new Map<unknown, unknown>()
  const closers: (() => Promise<void>)[] = []
  const find = <T>(resource: Resource<T>): T => {
    if (!resources.has(resource)) {
      const { value, created } = resource.find(options.provide)
      if (created && resource.close) closers.push(async () => resource.close?.(value))
      resources.set(resource, value)
    }
    return resources.get(resource) as T
  }
  const about = (node: Node<unknown>) => ({ run, key: node.key, operation: node.operation })
  return {
    of: (node) => ({
      signal: options.signal,
      budget: options.budget,
      node,
      resource: find,
      note: (message) => noteChannel.publish({ ...about(node), message }),
      progress: (bytes, total) => {
        if (progressChannel.hasSubscribers) progressChannel.publish({ ...about(node), bytes, total })
      },
      begin: (part) => beginPart(about(node), part),
      temporary: () => options.temporary.fresh()
    }),
    trace: (node, event, error) => stageChannel.publish({ ...about(node), event, error }),
    async close() {
      const ends = await Promise.allSettled(closers.map((close) => close()))
      for (const end of ends) if (end.status === 'rejected') throw end.reason
    }
  }
}

function beginPart(about: Omit<PartEvent, 'id' | 'name' | 'event'>, name: string): EndPart {
  partCount += 1
  const id = partCount
  partChannel.publish({ ...about, id, name, event: 'begin' })
  return (outcome = 'done') => partChannel.publish({ ...about, id, name, event: outcome })
}

let partCount = 0
