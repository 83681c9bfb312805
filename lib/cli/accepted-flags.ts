import type { OptionTable } from '../options/option.js'

/** Flags of `docker buildx build` that ask for what is so anyway, or that only RUN heeds: lines that have them work. */
export const acceptedFlags = {
  pull: { key: 'pull', kind: 'boolean', default: true, help: 'always so: a registry is asked what FROM names now' },
  builder: { key: 'builder', kind: 'text', default: null, placeholder: 'NAME', help: 'there is one builder only' },
  uncached: {
    key: 'no-cache-filter',
    kind: 'repeated',
    default: [],
    placeholder: 'STAGE',
    help: 'only RUN would heed it: what COPY and ADD read is always looked at'
  },
  provenance: {
    key: 'provenance',
    kind: 'choice',
    choices: ['false'],
    default: 'false',
    help: 'always false: no attestations are made'
  },
  sbom: {
    key: 'sbom',
    kind: 'choice',
    choices: ['false'],
    default: 'false',
    help: 'always false: no attestations are made'
  },
  network: {
    key: 'network',
    kind: 'choice',
    choices: ['default', 'none', 'host'],
    default: 'default',
    help: 'only RUN would heed it'
  },
  secrets: { key: 'secret', kind: 'repeated', default: [], placeholder: 'SECRET', help: 'only RUN would heed it' },
  agents: { key: 'ssh', kind: 'repeated', default: [], placeholder: 'AGENT', help: 'only RUN would heed it' },
  hosts: {
    key: 'add-host',
    kind: 'repeated',
    default: [],
    placeholder: 'HOST:ADDRESS',
    help: 'only RUN would heed it'
  },
  limits: { key: 'ulimit', kind: 'repeated', default: [], placeholder: 'LIMIT', help: 'only RUN would heed it' },
  sharedMemory: { key: 'shm-size', kind: 'text', default: null, placeholder: 'SIZE', help: 'only RUN would heed it' },
  controlGroup: {
    key: 'cgroup-parent',
    kind: 'text',
    default: null,
    placeholder: 'GROUP',
    help: 'only RUN would heed it'
  },
  entitlements: {
    key: 'allow',
    kind: 'repeated',
    default: [],
    placeholder: 'ENTITLEMENT',
    help: 'only RUN would heed it'
  }
} as const satisfies OptionTable
