import { type CodeSplittingNameFunction, type OutputChunk, type RolldownLog, rolldown } from 'rolldown'
import { isExternal, loadFromBundle, withoutCommandsOfOthers } from './packages.js'
import { BUNDLE } from './paths.js'

export type Chunk = Pick<OutputChunk, 'moduleIds'>

/**
 * Writes `NAME.cjs`: the module `entry` with all that it needs. With `fileOf`, which names a file for modules, several
 * files: what it does not name and is imported dynamically has one of its own. The door to `rolldown`.
 */
export async function bundle(
  name: string,
  entry: string,
  fileOf?: CodeSplittingNameFunction
): Promise<readonly Chunk[]> {
  const code = await rolldown({
    input: { [name]: entry },
    platform: 'node',
    external: isExternal,
    plugins: [loadFromBundle, withoutCommandsOfOthers],
    preserveEntrySignatures: 'allow-extension',
    onLog: refuse
  })
  const groups = fileOf && [{ debugName: 'files', name: fileOf }]
  const { output } = await code.write({
    dir: BUNDLE,
    format: 'cjs',
    comments: { legal: true, annotation: false, jsdoc: false },
    entryFileNames: '[name].cjs',
    chunkFileNames: '[name]-[hash].cjs',
    codeSplitting: groups ? { includeDependenciesRecursively: false, groups } : false
  })
  return output.filter((file) => file.type === 'chunk')
}

function refuse(_level: string, { code, message }: RolldownLog): void {
  if (!HARMLESS.has(code)) throw new Error(message)
}

/** What is loaded when it is needed by one module may be there already for another. */
const HARMLESS = new Set<string | undefined>(['CIRCULAR_DEPENDENCY', 'INEFFECTIVE_DYNAMIC_IMPORT'])
