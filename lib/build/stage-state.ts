import type { Context } from '../graph/context.js'
import type { History } from '../image/config.js'
import type { Platform } from '../image/platform.js'
import type { LayerSource } from '../stages/items.js'
import type { Variables } from './arguments.js'
import type { Blueprint } from './blueprint.js'
import type { Configuration } from './configure.js'
import type { ContextTree } from './context-tree.js'
import type { InputLog } from './input-log.js'
import type { Location } from './problem.js'
import type { Tree } from './tree.js'

/** What a stage has come to after some of its instructions. */
export interface StageState {
  readonly platform: Platform
  readonly configuration: Configuration
  /** What words are expanded with: the environment, and arguments. */
  readonly variables: Variables
  readonly layers: readonly LayerSource[]
  /** Steps since the last layer that changed only the config. */
  readonly pending: readonly History[]
  /** Of the image that the stage builds on, as RFC 3339. */
  readonly created: string | null
  /** The same in seconds since 1970, else 0: the time of what a step makes out of nothing. */
  readonly time: number
  /** The file system. Read from layers at the first call. */
  tree(): Promise<Tree>
}

/** What the evaluation of all stages of one platform shares. */
export interface Evaluation {
  readonly blueprint: Blueprint
  readonly context: Context
  /** The build context; null where there is none. */
  readonly files: ContextTree | null
  /** Hears of what is looked at from here on; the files and what is outside tell it by themselves. */
  readonly log: InputLog
  /** The stage with that index, evaluated once. */
  stage(index: number): Promise<StageState>
  /** Something from outside that `--from` names. */
  outside(name: string, location: Location, platform?: Platform): Promise<StageState>
}
