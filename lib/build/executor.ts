import type { Snapshot } from '../diff/snapshot.js'
import { createResource } from '../graph/resource.js'
import type { Run } from './instruction.js'

/** One RUN instruction, ready to be run. */
export interface Execution {
  readonly instruction: Run
  /** The command line, the shell included. */
  readonly command: readonly string[]
  readonly environment: readonly string[]
  readonly workingDirectory: string
  /** As USER has it; empty for root. */
  readonly user: string
  /** The file system that the command finds. */
  readonly lower: Snapshot
}

/** Runs commands in a stage's file system. */
export interface Executor {
  /** Gives the whole file system as the command leaves it. */
  execute(execution: Execution, signal: AbortSignal): Promise<Snapshot>
}

/** What runs RUN instructions. None unless a run is given one: then an instruction that needs it is an error. */
export const executor = createResource<Executor | null>('executor', () => null)
