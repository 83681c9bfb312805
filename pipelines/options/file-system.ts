import type { OptionTable } from '../../lib/options/option.js'

/** What every exporter that writes the root file system takes. */
export const fileSystemOptions = {
  destination: {
    key: 'dest',
    kind: 'text',
    default: null,
    placeholder: 'PATH',
    help: 'where it goes'
  },
  platformSplit: {
    key: 'platform-split',
    kind: 'boolean',
    default: null,
    help: 'a directory for each platform, as in linux_arm_v7/; by default where there are several'
  },
  include: {
    key: 'include',
    kind: 'list',
    default: [],
    placeholder: 'PATTERN[,PATTERN]',
    help: 'write only what matches'
  },
  exclude: {
    key: 'exclude',
    kind: 'list',
    default: [],
    placeholder: 'PATTERN[,PATTERN]',
    help: 'leave out what matches'
  }
} as const satisfies OptionTable
