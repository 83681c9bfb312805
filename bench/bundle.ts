import { rmSync } from 'node:fs'
import { isAbsolute } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type GetModuleInfo, type RollupLog, rollup } from 'rollup'

/*
 * Joins the compiled modules of the program into a few files: to find, read and link each takes longer than to run it.
 * What few runs need stays in files of its own.
 */

const dist = new URL('../', import.meta.url)
/** As deep as what it is made of: modules find what lies beside the compiled code by paths relative to their own. */
const bundle = compiled('program/bundle')

/** Scripts of threads and processes: each in one file with all that it needs. */
const SCRIPTS = ['lib/codec/codec-worker.js', 'lib/benchmark/measure-process.js']

/** Files of the program, in the order in which they are loaded, and where in the code each begins. */
const FILES = {
  start: ['lib/cli/compiled-code.js'],
  program: ['lib/cli/program.js'],
  export: [
    ...['lib/cli/commands/export.js', 'lib/source/directory.js', 'lib/blob/layout-staging.js'],
    ...['pipelines/oci.js', 'pipelines/docker.js']
  ],
  build: ['lib/cli/commands/build.js', 'lib/build/evaluate-images.js', 'lib/build/base-image.js']
}

rmSync(bundle, { recursive: true, force: true })
await Promise.all(SCRIPTS.map(bundleScript))
await bundleProgram()

async function bundleScript(script: string): Promise<void> {
  const code = await rollup({ input: compiled(script), external: isPackage, onwarn: refuse })
  await code.write({ dir: bundle, entryFileNames: '[name].js', inlineDynamicImports: true })
}

async function bundleProgram(): Promise<void> {
  const code = await rollup({ input: compiled('lib/cli/main.js'), external: isPackage, onwarn: refuse })
  let files: ReadonlyMap<string, string> | undefined
  await code.write({
    dir: bundle,
    entryFileNames: '[name].js',
    chunkFileNames: '[name]-[hash].js',
    hoistTransitiveImports: false,
    manualChunks(id, { getModuleInfo }) {
      files ??= assignFiles(getModuleInfo)
      return files.get(id)
    }
  })
}

/** The file of each module that one of `FILES` can't be loaded without: the first of them. */
function assignFiles(getModuleInfo: GetModuleInfo): ReadonlyMap<string, string> {
  const files = new Map<string, string>()
  const assign = (id: string, file: string): void => {
    if (isPackage(id) || files.has(id)) return
    files.set(id, file)
    for (const imported of getModuleInfo(id)?.importedIds ?? []) assign(imported, file)
  }
  for (const [file, modules] of Object.entries(FILES)) for (const path of modules) assign(compiled(path), file)
  return files
}

function isPackage(id: string): boolean {
  return !id.startsWith('.') && !isAbsolute(id)
}

/** Modules that need each other for what they do later, not while they are loaded, are no harm. */
function refuse({ code, message }: RollupLog): void {
  if (code !== 'CIRCULAR_DEPENDENCY') throw new Error(message)
}

function compiled(path: string): string {
  return fileURLToPath(new URL(path, dist))
}
