import type { PartOutcome } from '../trace.js'
import { usableThreads } from '../usable-threads.js'
import { createLimit, type Limit } from './limit.js'
import type { Node } from './node.js'
import type { Resource } from './resource.js'

/** What all branches of a run share, so that more branches do not mean more threads or more memory. */
export interface Budget {
  /** Compressions at a time. */
  readonly threads: Limit
  /** Bytes of uncompressed blocks held by compressors at a time. */
  readonly bytes: Limit
}

/** What a stage gets from its run. */
export interface Context {
  /** Aborted, with the first error as reason, when the run stops early. */
  readonly signal: AbortSignal
  readonly budget: Budget
  /** The node that this stage belongs to. */
  readonly node: Node<unknown>
  /** The run's value of a resource: the same one for all stages. */
  resource<T>(resource: Resource<T>): T
  /** Tells the user something worth knowing that is not an error: "2 sockets skipped". */
  note(message: string): void
  /** Counts bytes that this stage moved, for progress. `total` where it is known. */
  progress(bytes: number, total?: number): void
  /** Begins a named part of the stage's work, for progress; what it gives ends the part. */
  begin(part: string): EndPart
  /** A fresh path in the run's temporary directory, which is removed when the run ends. */
  temporary(): Promise<string>
}

/** Ends a part of a stage's work; `cached` where there was nothing to do. The default is `done`. */
export type EndPart = (outcome?: PartOutcome) => void

/** `threads` compressions at a time, by default as many as are usable; `bytes` defaults to 16 MiB per thread. */
export function createBudget(threads: number = usableThreads(), bytes: number = threads * 16 * MEBIBYTE): Budget {
  return { threads: createLimit(threads), bytes: createLimit(bytes) }
}

const MEBIBYTE = 2 ** 20
