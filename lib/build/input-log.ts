import { digestOf } from '../blob/digest.js'
import { formatPlatform, type Platform } from '../image/platform.js'
import type { ByteString } from '../streams/bytes.js'
import type { Base } from './base-image.js'

/** What a build looked at besides its Dockerfile: enough to tell whether it would look the same the next time. */
export interface Inputs {
  /** Directories of the context that were listed. */
  readonly directories: readonly ByteString[]
  readonly bases: readonly BaseInput[]
}

/** An image from outside. */
export interface BaseInput {
  readonly name: string
  /** As in `linux/arm64`. */
  readonly platform: string
  /** Of its layers and its end. */
  readonly digest: string
}

/** Takes note of inputs while a build is evaluated. */
export interface InputLog {
  list(directory: ByteString): void
  open(name: string, platform: Platform, base: Base): void
  /** Says that something was read of which nobody can tell whether it is the same the next time. */
  lose(): void
  /** In the order of the inputs'. */
  readonly bases: readonly Base[]
  /** All of them; null where one was lost. */
  finish(): Inputs | null
}

export function createInputLog(): InputLog {
  const directories = new Set<ByteString>()
  const bases: Base[] = []
  const baseInputs: BaseInput[] = []
  let lost = false
  return {
    list: (directory) => void directories.add(directory),
    open(name, platform, base) {
      const digest = digestOfBase(base)
      if (digest === null) return void (lost = true)
      bases.push(base)
      baseInputs.push({ name, platform: formatPlatform(platform), digest })
    },
    lose() {
      lost = true
    },
    bases,
    finish: () => (lost ? null : { directories: [...directories], bases: baseInputs })
  }
}

/** Null where a layer is not one of an image: what is in a directory is not known by a digest. */
export function digestOfBase({ layers, end }: Base): string | null {
  const known = layers.flatMap((item) =>
    item.kind === 'stored' ? [[item.layer.blob.descriptor, item.layer.diffID, item.history]] : []
  )
  return known.length === layers.length ? digestOf(JSON.stringify([known, end])) : null
}
