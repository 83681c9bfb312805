import { goalNames } from '../benchmark/goal.js'
import type { OptionTable } from '../options/option.js'
import { registryFlags, runFlags, sourceFlags } from './flags.js'

/** What `bench` measures, and how it tells. */
export const benchFlags = {
  settings: {
    key: 'compression',
    kind: 'text',
    default: null,
    placeholder: 'CODEC[:LEVELS][,…]',
    help: 'what to try, as in gzip:1-9,zstd:1-6,19; by default a few levels of every codec'
  },
  sample: {
    key: 'sample',
    kind: 'text',
    default: '64MB',
    placeholder: 'SIZE',
    help: 'how much to draw evenly from all layers and measure, or all (64MB)'
  },
  bandwidths: {
    key: 'bandwidth',
    kind: 'list',
    default: ['100mbit', '1gbit'],
    placeholder: 'RATE[,RATE]',
    help: 'networks to estimate pushes and pulls for (100mbit,1gbit)'
  },
  goal: {
    key: 'goal',
    kind: 'text',
    default: 'balanced',
    placeholder: 'GOAL[,bandwidth=RATE]',
    suggestions: goalNames,
    help: 'what to recommend a setting for: min-pull, min-push, min-size or balanced, at the first bandwidth (balanced)'
  },
  json: { key: 'json', kind: 'boolean', default: false, help: 'as JSON' },
  csv: { key: 'csv', kind: 'boolean', default: false, help: 'as CSV' },
  report: {
    key: 'report',
    kind: 'text',
    default: null,
    placeholder: 'FILE',
    help: 'also write a page with charts, as HTML'
  },
  platforms: sourceFlags.platforms,
  progress: runFlags.progress,
  ...registryFlags
} as const satisfies OptionTable
