import type { OptionTable } from '../options/option.js'
import { acceptedFlags } from './accepted-flags.js'
import { cacheOptions } from './cache-options.js'
import { cacheFlags, outputFlags, registryFlags, runFlags, sourceFlags, storeFlags } from './flags.js'

const CACHES = cacheOptions.type.choices.map((type) => `type=${type}`)

/** What is built. */
const recipeFlags = {
  file: {
    key: 'file',
    short: 'f',
    kind: 'text',
    default: null,
    placeholder: 'PATH',
    help: 'the Dockerfile, by default the one in the context; - is standard input'
  },
  target: {
    key: 'target',
    kind: 'text',
    default: null,
    placeholder: 'STAGE',
    help: 'the stage to build, by name or index'
  },
  arguments: {
    key: 'build-arg',
    kind: 'repeated',
    default: [],
    placeholder: 'NAME[=VALUE]',
    help: 'the value of an ARG; without one, that of the environment'
  },
  contexts: {
    key: 'build-context',
    kind: 'repeated',
    default: [],
    placeholder: 'NAME=SOURCE',
    help: 'a directory or an image that FROM and --from have by this name'
  },
  platforms: { ...sourceFlags.platforms, help: 'the platforms to build for; by default that of this machine' },
  labels: sourceFlags.labels,
  call: {
    key: 'call',
    kind: 'choice',
    choices: ['build', 'check'],
    default: 'build',
    help: 'what is done: check tells what is questionable in the Dockerfile, and builds nothing'
  },
  check: { key: 'check', kind: 'boolean', default: false, help: 'the same as --call check' },
  cacheFrom: {
    key: 'cache-from',
    kind: 'repeated',
    default: [],
    placeholder: 'CACHE',
    suggestions: CACHES,
    help: 'a cache of other machines to use: type=registry,ref=NAME or type=local,src=DIR'
  },
  cacheTo: {
    key: 'cache-to',
    kind: 'repeated',
    default: [],
    placeholder: 'CACHE',
    suggestions: CACHES,
    help: 'where to share the cache: type=registry,ref=NAME or type=local,dest=DIR, with mode=min or mode=max'
  }
} as const satisfies OptionTable

export const buildFlags = {
  ...recipeFlags,
  ...cacheFlags,
  ...outputFlags,
  ...runFlags,
  ...storeFlags,
  ...registryFlags,
  ...acceptedFlags
} as const
