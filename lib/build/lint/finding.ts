import type { Dockerfile } from '../dockerfile.js'
import type { Location } from '../problem.js'

/** Something in a Dockerfile that works, and is likely not what was meant. */
export interface Finding {
  /** As BuildKit's build checks call it, by which it can be skipped: `StageNameCasing`. */
  readonly rule: string
  /** What is wrong, and what to do. */
  readonly message: string
  readonly location: Location
  /** What it is about, as it stands there. */
  readonly word: string
}

/** What one or several rules find. */
export type Check = (dockerfile: Dockerfile) => readonly Finding[]
