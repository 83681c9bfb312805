import type { OptionsOf, OptionTable } from '../../lib/options/option.js'
import { imageOptions } from './image.js'

/** `image`, pushed and not stored unless asked for. */
export const registryOptions = {
  ...imageOptions,
  push: { ...imageOptions.push, default: true },
  store: { ...imageOptions.store, default: false }
} as const satisfies OptionTable

export type RegistryOptions = OptionsOf<typeof registryOptions>
