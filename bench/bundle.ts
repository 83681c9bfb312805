import { rmSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

/*
 * Joins the compiled modules of the program into a few files: to open and link hundreds takes longer than to run them.
 * What is loaded only when it is needed stays in files of its own, and so do the scripts of threads and processes.
 */

const dist = new URL('../', import.meta.url)
/** As deep as what it is made of: modules find what lies beside the compiled code by paths relative to their own. */
const bundle = fileURLToPath(new URL('program/bundle/', dist))

const entries = [
  'lib/cli/main.js',
  'lib/codec/deflate-worker.js',
  'lib/codec/zstd-worker.js',
  'lib/benchmark/measure-process.js'
]

rmSync(bundle, { recursive: true, force: true })
await build({
  entryPoints: entries.map((entry) => fileURLToPath(new URL(entry, dist))),
  outdir: bundle,
  entryNames: '[name]',
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20.19',
  packages: 'external',
  logLevel: 'warning'
})
