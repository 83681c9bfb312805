import type { ChunkingContext } from 'rolldown'
import { compiled } from './paths.js'

/** Files of the program, in the order in which they are loaded, and where in the code each begins. */
const FILES = {
  start: ['lib/cli/compiled-code.js', 'lib/cli/lean-heap.js'],
  program: ['lib/cli/program.js'],
  export: [
    ...['lib/cli/commands/export.js', 'lib/source/directory.js', 'lib/blob/layout-staging.js'],
    ...['pipelines/oci.js', 'pipelines/docker.js']
  ],
  build: ['lib/cli/commands/build.js', 'lib/build/evaluate-images.js', 'lib/build/base-image.js']
}

let files: ReadonlyMap<string, string> | undefined

/** The file of each module that one of `FILES` can't be loaded without: the first of them. */
export function assignFile(id: string, context: ChunkingContext): string | null {
  files ??= assignFiles(context)
  return files.get(id) ?? null
}

function assignFiles(context: ChunkingContext): ReadonlyMap<string, string> {
  const found = new Map<string, string>()
  const assign = (id: string, file: string): void => {
    const module = context.getModuleInfo(id)
    if (module === null || found.has(id)) return
    found.set(id, file)
    for (const imported of module.importedIds) assign(imported, file)
  }
  for (const [file, modules] of Object.entries(FILES)) for (const path of modules) assign(compiled(path), file)
  return found
}
