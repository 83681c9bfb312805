import { cacheonlyOptions } from './cacheonly.js'
import { dockerOptions } from './docker.js'
import { imageOptions } from './image.js'
import { localOptions } from './local.js'
import { ociOptions } from './oci.js'
import { registryOptions } from './registry.js'
import { tarOptions } from './tar.js'

/** The options of every exporter, by the name that `type=` has for it. */
export const exporterOptions = {
  image: imageOptions,
  registry: registryOptions,
  oci: ociOptions,
  docker: dockerOptions,
  local: localOptions,
  tar: tarOptions,
  cacheonly: cacheonlyOptions
} as const

export type ExporterName = keyof typeof exporterOptions
