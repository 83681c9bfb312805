import type { OptionsOf, OptionTable } from '../../lib/options/option.js'

export const cacheonlyOptions = {} as const satisfies OptionTable

export type CacheonlyOptions = OptionsOf<typeof cacheonlyOptions>
