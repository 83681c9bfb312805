import type { OptionsOf, OptionTable } from '../../lib/options/option.js'
import { fileSystemOptions } from './file-system.js'

export const localOptions = {
  ...fileSystemOptions,
  mode: {
    key: 'mode',
    kind: 'choice',
    choices: ['copy', 'delete'],
    default: 'copy',
    help: 'delete removes what is not in the result, below the working directory only'
  },
  deleteAnywhere: {
    key: 'delete-anywhere',
    kind: 'boolean',
    default: false,
    help: 'with mode=delete: also outside the working directory'
  }
} as const satisfies OptionTable

export type LocalOptions = OptionsOf<typeof localOptions>
