import type { OptionTable } from '../options/option.js'
import { buildFlags } from './build-flags.js'
import { type Command, defineCommand } from './command.js'
import { cacheFlags, outputFlags, registryFlags, runFlags, sourceFlags, storeFlags } from './flags.js'
import { inspectFlags } from './inspect-flags.js'

const SOURCE_HELP =
  'dir:PATH[:/TARGET], tar:FILE, oci:DIR[:TAG], oci-archive:FILE[:TAG], docker-archive:FILE[:TAG] or docker://NAME; - is standard input'

export const exportFlags = {
  ...outputFlags,
  ...sourceFlags,
  ...cacheFlags,
  ...runFlags,
  ...storeFlags,
  ...registryFlags
} as const

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

export const storeCollectFlags = {
  keep: {
    key: 'keep',
    kind: 'text',
    default: null,
    placeholder: 'SIZE',
    help: 'remove only as much, the least recently used first, that the store is no larger, as in 10GB'
  },
  olderThan: {
    key: 'older-than',
    kind: 'text',
    default: null,
    placeholder: 'DURATION',
    help: 'remove only what was of no use for so long, as in 24h'
  },
  ...storeFlags
} as const satisfies OptionTable

export const storeListFlags = { json: inspectFlags.json, ...storeFlags } as const

export const serveFlags = {
  listen: {
    key: 'listen',
    kind: 'text',
    default: '127.0.0.1:5000',
    placeholder: 'HOST:PORT',
    help: 'where to listen; port 0 takes a free one'
  },
  readOnly: {
    key: 'read-only',
    kind: 'boolean',
    default: false,
    help: 'refuse everything that would change something'
  },
  htpasswd: {
    key: 'htpasswd',
    kind: 'text',
    default: null,
    placeholder: 'FILE',
    help: 'let in only its users; lines of `htpasswd -B`'
  },
  certificate: {
    key: 'tls-cert',
    kind: 'text',
    default: null,
    placeholder: 'FILE',
    help: 'serve HTTPS with this certificate'
  },
  privateKey: { key: 'tls-key', kind: 'text', default: null, placeholder: 'FILE', help: 'the key of the certificate' },
  ...storeFlags
} as const

export const indexCreateFlags = {
  insecure: {
    key: 'insecure',
    kind: 'boolean',
    default: false,
    help: 'do not check certificates, and fall back to HTTP'
  },
  ...registryFlags
} as const

/** All commands, in the order of help. */
export const commands: readonly Command[] = [
  defineCommand({
    name: 'export',
    summary: 'Export directories, tars and images to images and file systems',
    operands: [{ name: 'SOURCE', help: `${SOURCE_HELP}; several stack as layers`, repeated: true }],
    flags: exportFlags,
    examples: [
      'layerpipe export dir:./app:/app -t example/app -o type=oci,dest=app.tar',
      'layerpipe export dir:./app -o type=oci,dest=app.tar,compression=zstd -o type=local,dest=out',
      'layerpipe export dir:./dist:/srv --base oci:base -o type=docker,dest=- | docker load'
    ],
    load: async () => (await import('./commands/export.js')).exportSources
  }),
  defineCommand({
    name: 'build',
    summary: 'Build a Dockerfile to images and file systems',
    operands: [
      {
        name: 'CONTEXT',
        help: 'a directory or a tar, by default . ; - is a tar or a Dockerfile on standard input',
        optional: true
      }
    ],
    flags: buildFlags,
    examples: [
      'layerpipe build -t example/app -o type=oci,dest=app.tar .',
      'layerpipe build --target assets --build-arg VERSION=2 -o out .',
      'layerpipe build --platform linux/amd64,linux/arm64 --push -t registry.example/app .'
    ],
    load: async () => (await import('./commands/build.js')).buildImage
  }),
  defineCommand({
    name: 'inspect',
    summary: 'Show the config, the layers, the sizes and the codecs of an image',
    operands: [{ name: 'SOURCE', help: SOURCE_HELP }],
    flags: inspectFlags,
    examples: [
      'layerpipe inspect oci-archive:app.tar',
      'layerpipe inspect oci:base --files --json',
      'layerpipe inspect oci-archive:old.tar --diff oci-archive:new.tar --sort size'
    ],
    load: async () => (await import('./commands/inspect.js')).inspectSource
  }),
  defineCommand({
    name: 'bench',
    summary: 'Measure what codecs and levels make of an image, and recommend one',
    operands: [{ name: 'SOURCE', help: SOURCE_HELP }],
    flags: benchFlags,
    examples: [
      'layerpipe bench dir:./app --report bench.html',
      'layerpipe bench oci:base --compression gzip:1-9,zstd:1-19 --goal min-pull,bandwidth=50mbit'
    ],
    load: async () => (await import('./commands/bench.js')).benchSource
  }),
  defineCommand({
    name: 'index create',
    summary: 'Merge images in registries into one index, without downloading their layers',
    operands: [
      { name: 'NAME', help: 'the name of the index' },
      { name: 'SOURCE', help: 'an image or an index in a registry: NAME[:TAG][@DIGEST]', repeated: true }
    ],
    flags: indexCreateFlags,
    examples: ['layerpipe index create example.com/app:1 example.com/app@sha256:… example.com/app@sha256:…'],
    load: async () => (await import('./commands/index-create.js')).createIndexOfSources
  }),
  defineCommand({
    name: 'serve',
    summary: 'Serve the image store as a registry',
    operands: [],
    flags: serveFlags,
    examples: [
      'layerpipe serve',
      'layerpipe serve --listen 0.0.0.0:5000 --htpasswd users --tls-cert c.pem --tls-key k.pem'
    ],
    load: async () => (await import('./commands/serve.js')).serveStore
  }),
  defineCommand({
    name: 'store ls',
    summary: 'List the images in the image store',
    operands: [],
    flags: storeListFlags,
    examples: ['layerpipe store ls'],
    load: async () => (await import('./commands/store-ls.js')).listImages
  }),
  defineCommand({
    name: 'store rm',
    summary: 'Remove names from the image store',
    operands: [{ name: 'NAME', help: 'a name, or a digest', repeated: true }],
    flags: storeFlags,
    examples: ['layerpipe store rm example/app:1'],
    load: async () => (await import('./commands/store-rm.js')).removeImages
  }),
  defineCommand({
    name: 'store gc',
    summary: 'Remove the blobs that no image in the store needs: the build cache, all of it or what is too much',
    operands: [],
    flags: storeCollectFlags,
    examples: ['layerpipe store gc', 'layerpipe store gc --keep 10GB'],
    load: async () => (await import('./commands/store-gc.js')).collectGarbage
  }),
  defineCommand({
    name: 'store verify',
    summary: 'Check every blob in the image store against its digest',
    operands: [],
    flags: storeFlags,
    examples: ['layerpipe store verify'],
    load: async () => (await import('./commands/store-verify.js')).verifyStore
  }),
  defineCommand({
    name: 'completion',
    summary: 'Print completion for a shell',
    operands: [{ name: 'SHELL', help: 'bash, zsh or fish' }],
    flags: {},
    examples: [
      'source <(layerpipe completion bash)',
      'layerpipe completion zsh > ~/.zfunc/_layerpipe',
      'layerpipe completion fish > ~/.config/fish/completions/layerpipe.fish'
    ],
    load: async () => (await import('./commands/completion.js')).printCompletion
  })
]
