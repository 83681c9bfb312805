import { statSync } from 'node:fs'
import { InputError } from '../errors.js'
import type { Context } from '../graph/context.js'
import { type ContextTree, createContextTree } from './context-tree.js'
import { createDirectoryTree } from './directory-tree.js'
import { createIgnoreMatcher } from './ignore.js'
import type { Knowledge } from './knowledge.js'
import { listedDirectories } from './listed-directories.js'
import type { BuildParameters } from './parameters.js'
import { readTarFile } from './tar-tree.js'

/** The build context, a directory or a tar, without what the ignore file excludes. The log hears what is looked at. */
export async function openContext(
  { context, ignore, ignoreName }: Pick<BuildParameters, 'context' | 'ignore' | 'ignoreName'>,
  run: Context,
  { log, bare }: Knowledge
): Promise<ContextTree | null> {
  if (context === null) return null
  const inTar = isFile(context)
  if (inTar) log.lose()
  const files = inTar
    ? await readTarFile(context, run.temporary)
    : createDirectoryTree(context, { onList: log.list, listed: run.resource(listedDirectories), bare })
  const fail = (pattern: string) => {
    const expected = 'patterns as Go’s filepath.Match reads them'
    return new InputError({ operation: `read ${ignoreName}`, subject: context, expected, found: pattern })
  }
  return createContextTree(
    files,
    ignore.length === 0 ? null : { name: ignoreName, matcher: createIgnoreMatcher(ignore, fail) }
  )
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() ?? false
}
