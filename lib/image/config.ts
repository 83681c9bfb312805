import type { Digest } from '../blob/digest.js'
import type { Platform } from './platform.js'

/** One entry of an image's history (image-spec, config.md): a layer, or a step that changed only the config. */
export interface History {
  readonly created?: string
  readonly created_by?: string
  readonly author?: string
  readonly comment?: string
  readonly empty_layer?: boolean
}

export interface Healthcheck {
  readonly Test?: readonly string[]
  /** Nanoseconds, as Docker has them. */
  readonly Interval?: number
  readonly Timeout?: number
  readonly StartPeriod?: number
  readonly StartInterval?: number
  readonly Retries?: number
}

/** What a container of the image runs with: `config` inside the image config. Docker's fields included. */
export interface ContainerConfig {
  readonly User?: string
  readonly ExposedPorts?: Readonly<Record<string, object>>
  readonly Env?: readonly string[]
  readonly Entrypoint?: readonly string[] | null
  readonly Cmd?: readonly string[] | null
  readonly Volumes?: Readonly<Record<string, object>>
  readonly WorkingDir?: string
  readonly Labels?: Readonly<Record<string, string>>
  readonly StopSignal?: string
  readonly ArgsEscaped?: boolean
  readonly Healthcheck?: Healthcheck
  readonly OnBuild?: readonly string[] | null
  readonly Shell?: readonly string[]
}

/** An image config (image-spec, config.md). */
export interface ImageConfigDocument extends Platform {
  readonly created?: string
  readonly author?: string
  readonly config?: ContainerConfig
  readonly rootfs: { readonly type: 'layers'; readonly diff_ids: readonly Digest[] }
  readonly history?: readonly History[]
}
