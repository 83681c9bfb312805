import { benchFlags } from './bench-flags.js'
import { buildFlags } from './build-flags.js'
import { type Command, defineCommand } from './command.js'
import { exportFlags } from './export-flags.js'
import { storeFlags } from './flags.js'
import { indexCreateFlags } from './index-create-flags.js'
import { inspectFlags } from './inspect-flags.js'
import { serveFlags } from './serve-flags.js'
import { storeCollectFlags, storeListFlags } from './store-command-flags.js'

const SOURCE_HELP =
  'dir:PATH[:/TARGET], tar:FILE, oci:DIR[:TAG], oci-archive:FILE[:TAG], docker-archive:FILE[:TAG] or docker://NAME; - is standard input'

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
    summary: 'Check every blob in the image store, and what was pushed to serve, against its digest',
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
    load: async () => (await import('./commands/completion.js')).completionOf(commands)
  })
]
