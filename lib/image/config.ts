import type { Digest } from '../blob/digest.js'
import { compactJson, orderPlatform, sortKeys, unlessEmpty } from './canonical-json.js'
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

export interface ConfigFields {
  readonly platform: Platform
  readonly config: ContainerConfig
  /** Lowest layer first. */
  readonly diffIDs: readonly Digest[]
  readonly history: readonly History[]
  readonly created?: string
  readonly author?: string
}

/** The bytes of an image config: compact, top-level keys sorted, empty fields left out. */
export function createConfig({ platform, config, diffIDs, history, created, author }: ConfigFields): Buffer {
  return compactJson(
    sortKeys({
      ...orderPlatform(platform),
      author: unlessEmpty(author),
      config: orderContainerConfig(config),
      created: unlessEmpty(created),
      history: unlessEmpty(history.map(orderHistory)),
      rootfs: { type: 'layers', diff_ids: diffIDs }
    })
  )
}

function orderHistory(entry: History): object {
  return {
    created: unlessEmpty(entry.created),
    created_by: unlessEmpty(entry.created_by),
    author: unlessEmpty(entry.author),
    comment: unlessEmpty(entry.comment),
    empty_layer: unlessEmpty(entry.empty_layer)
  }
}

function orderContainerConfig(config: ContainerConfig): object {
  return {
    User: unlessEmpty(config.User),
    ExposedPorts: sorted(config.ExposedPorts),
    Env: unlessEmpty(config.Env),
    Entrypoint: unlessEmpty(config.Entrypoint),
    Cmd: unlessEmpty(config.Cmd),
    Volumes: sorted(config.Volumes),
    WorkingDir: unlessEmpty(config.WorkingDir),
    Labels: sorted(config.Labels),
    StopSignal: unlessEmpty(config.StopSignal),
    ArgsEscaped: unlessEmpty(config.ArgsEscaped),
    Healthcheck: config.Healthcheck && orderHealthcheck(config.Healthcheck),
    OnBuild: unlessEmpty(config.OnBuild),
    Shell: unlessEmpty(config.Shell)
  }
}

function orderHealthcheck({ Test, Interval, Timeout, StartPeriod, StartInterval, Retries }: Healthcheck): object {
  return { Test: unlessEmpty(Test), Interval, Timeout, StartPeriod, StartInterval, Retries }
}

function sorted<T>(record: Readonly<Record<string, T>> | undefined): object | undefined {
  return record && unlessEmpty(sortKeys(record))
}
