import type { OptionTable } from '../options/option.js'

/** What can be said of a cache that machines share, as BuildKit's caches have it. */
export const cacheOptions = {
  type: { key: 'type', kind: 'choice', choices: ['registry', 'local'], default: 'registry', help: 'where it is' },
  ref: { key: 'ref', kind: 'text', default: null, help: 'a name in a registry' },
  source: { key: 'src', kind: 'text', default: null, help: 'a directory to read' },
  destination: { key: 'dest', kind: 'text', default: null, help: 'a directory to write' },
  tag: { key: 'tag', kind: 'text', default: 'latest', help: 'what it is called in a directory' },
  digest: {
    key: 'digest',
    kind: 'text',
    default: null,
    help: 'which one to read from a directory, whatever it is called'
  },
  mode: {
    key: 'mode',
    kind: 'choice',
    choices: ['min', 'max'],
    default: 'min',
    help: 'what is kept: what is in the result, or all of its stages'
  },
  compression: {
    key: 'compression',
    kind: 'choice',
    choices: ['uncompressed', 'gzip', 'estargz', 'zstd'],
    default: null,
    help: 'not used: layers are cached as the outputs have them'
  },
  level: { key: 'compression-level', kind: 'text', default: null, help: 'not used, like compression' },
  force: { key: 'force-compression', kind: 'boolean', default: null, help: 'not used, like compression' },
  imageManifest: {
    key: 'image-manifest',
    kind: 'boolean',
    default: true,
    help: 'always true: a cache is an image manifest'
  },
  ociMediaTypes: {
    key: 'oci-mediatypes',
    kind: 'boolean',
    default: true,
    help: 'always true: its media types are OCI’s'
  },
  ignoreError: {
    key: 'ignore-error',
    kind: 'boolean',
    default: true,
    help: 'whether a cache that cannot be written only gets a warning'
  },
  insecure: {
    key: 'registry.insecure',
    kind: 'boolean',
    default: false,
    help: 'the registry may speak plain HTTP, or have a certificate that cannot be verified'
  }
} as const satisfies OptionTable
