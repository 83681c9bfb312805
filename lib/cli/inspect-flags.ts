import { registryFlags, sourceFlags, storeFlags } from './flags.js'

/** What `inspect` shows, and how. */
export const inspectFlags = {
  json: { key: 'json', kind: 'boolean', default: false, help: 'as JSON' },
  layers: {
    key: 'layers',
    kind: 'boolean',
    default: false,
    help: 'show what each layer holds: its media type, its diffID, its largest entries'
  },
  files: { key: 'files', kind: 'boolean', default: false, help: 'list the entries of every layer' },
  history: { key: 'history', kind: 'boolean', default: false, help: 'show the steps that made the image' },
  diff: {
    key: 'diff',
    kind: 'text',
    default: null,
    placeholder: 'OTHER',
    help: 'show what OTHER, a source as well, adds, changes and deletes'
  },
  sort: {
    key: 'sort',
    kind: 'choice',
    choices: ['path', 'size'],
    default: 'path',
    help: 'the order of differences, and of the entries of a layer'
  },
  platforms: sourceFlags.platforms,
  ...storeFlags,
  ...registryFlags
} as const
