import type { OptionsOf, OptionTable } from '../../lib/options/option.js'
import { fileSystemOptions } from './file-system.js'

export const tarOptions = {
  ...fileSystemOptions,
  compression: {
    key: 'compression',
    kind: 'choice',
    choices: ['uncompressed', 'gzip', 'zstd'],
    default: 'uncompressed',
    help: 'codec of the archive'
  },
  compressionLevel: {
    key: 'compression-level',
    kind: 'integer',
    minimum: 0,
    maximum: 22,
    default: null,
    help: "gzip 0 to 9, zstd 0 to 22; by default the codec's own"
  }
} as const satisfies OptionTable

export type TarOptions = OptionsOf<typeof tarOptions>
