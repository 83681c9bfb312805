/** One stage of the merged graph, as far as it has come. Times are milliseconds since 1970. */
export interface ProgressStep {
  /** From 1, in the order of the plan. */
  readonly number: number
  readonly key: string
  /** Keys of the steps before it. */
  readonly inputs: readonly string[]
  readonly operation: string
  readonly label: string
  readonly started: number
  /** When its last item had come out. Others may read what the items carry after that. */
  readonly passed: number | null
  /** When it had passed its last item, and nobody read any more of what they carry. */
  readonly ended: number | null
  readonly bytes: number
  /** Where it is known how many there will be. */
  readonly total: number | null
  /** What it failed with. */
  readonly error: string | null
  /** How many steps take its items. */
  readonly consumers: number
  /** In the order in which they began. */
  readonly parts: readonly ProgressPart[]
}

/** The error of those that the error of another stopped: repeating that one for each would bury it. */
export const CANCELED = 'canceled'

/** A named part of a stage's work. Times are milliseconds since 1970. */
export interface ProgressPart {
  readonly id: number
  readonly name: string
  readonly started: number
  readonly ended: number | null
  /** Whether there was nothing to do. */
  readonly cached: boolean
}

/** Shows steps. Every call gets the step as it is now. */
export interface ProgressView {
  opened(step: ProgressStep): void
  moved(step: ProgressStep): void
  /** A part of it began or ended. */
  parted(step: ProgressStep, part: ProgressPart): void
  ended(step: ProgressStep): void
  noted(step: ProgressStep, message: string): void
  /** What is to be heeded, of no step. */
  warned(message: string): void
  close(): void
}
