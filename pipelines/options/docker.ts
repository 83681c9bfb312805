import type { OptionsOf } from '../../lib/options/option.js'
import { ociOptions } from './oci.js'

/** Those of `oci`; without a destination the image is loaded into the engine. */
export const dockerOptions = ociOptions

export type DockerOptions = OptionsOf<typeof dockerOptions>
