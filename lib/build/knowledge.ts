import type { BareFiles } from '../diff/bare-files.js'
import type { InputLog } from './input-log.js'

/** What is known of a build's context before it is looked at, and after. */
export interface Knowledge {
  readonly bare: BareFiles
  /** Hears of all that is looked at. */
  readonly log: InputLog
}
