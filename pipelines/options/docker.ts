import type { OptionsOf, OptionTable } from '../../lib/options/option.js'
import { ociOptions } from './oci.js'

/** Those of `oci`; without a destination the image is loaded into the engine. */
export const dockerOptions = {
  ...ociOptions,
  compression: {
    ...ociOptions.compression,
    default: null,
    help: 'codec of the layers; by default gzip, and none for an engine, which would only undo it'
  },
  destination: {
    ...ociOptions.destination,
    help: 'where the archive or the directory goes; without it the image is loaded into the container engine'
  }
} as const satisfies OptionTable

export type DockerOptions = OptionsOf<typeof dockerOptions>
