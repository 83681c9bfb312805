import type { OptionsOf, OptionTable } from '../../lib/options/option.js'
import { manifestOptions } from './manifest.js'

export const ociOptions = {
  ...manifestOptions,
  destination: {
    key: 'dest',
    kind: 'text',
    default: null,
    placeholder: 'PATH',
    help: 'where the archive or the directory goes; - means standard output'
  },
  tar: {
    key: 'tar',
    kind: 'boolean',
    default: true,
    help: 'an archive; false writes the layout as a directory'
  }
} as const satisfies OptionTable

export type OciOptions = OptionsOf<typeof ociOptions>
