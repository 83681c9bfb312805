import type { Rule } from './rule.js'
import { forbidPaths, noSetuid, noWorldWritable } from './rules.js'
import { secrets } from './secrets.js'

/** The policies that come with the program, by the name that `--policy` has for them. */
export const policies = {
  /** Nothing that lets somebody else in. */
  secrets: [secrets],
  /** Besides, nothing that gives more rights than its owner meant. */
  hardened: [secrets, noSetuid, noWorldWritable],
  /** What builds leave behind: version control, caches, lists of packages. */
  tidy: [
    forbidPaths([
      '**/.git',
      '**/.svn',
      '**/.hg',
      '**/.DS_Store',
      '**/__pycache__',
      '**/.npm/_cacache',
      'root/.cache',
      'var/cache/apt/archives/*.deb',
      'var/lib/apt/lists/*_*'
    ])
  ]
} as const satisfies Readonly<Record<string, readonly Rule[]>>

export type PolicyName = keyof typeof policies
