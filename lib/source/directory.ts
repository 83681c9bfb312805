import { Readable } from 'node:stream'
import { bareFiles } from '../diff/bare-files.js'
import { createDirectorySnapshot } from '../diff/directory.js'
import { UsageError } from '../errors.js'
import { type Node, source } from '../graph/node.js'
import type { History } from '../image/config.js'
import type { LayerSource } from '../stages/items.js'
import { bytesOfText } from '../streams/bytes.js'
import { normalizeTarget } from './target.js'

export type DirectoryParameters = {
  /** Absolute path of the directory. */
  readonly path: string
  /** Where it stands in the image, below the root; empty for the root itself. */
  readonly target: string
}

/** A directory of this machine as one layer. Throws UsageError for a target that is not below the root. */
export function directory({ path, target }: DirectoryParameters): Node<LayerSource> {
  const below = normalizeTarget(target)
  if (below !== null) return directorySource({ path, target: below })
  const problem = { operation: 'read directory', subject: path, expected: 'a target below the root', found: target }
  throw new UsageError({ ...problem, advice: 'name the target without ".."' })
}

const directorySource: (parameters: DirectoryParameters) => Node<LayerSource> = source(
  'directory',
  ({ path, target }: DirectoryParameters, context) => {
    let walked = false
    const upper = createDirectorySnapshot(path, {
      target: bytesOfText(target),
      bare: context.resource(bareFiles),
      onSkipped: ({ sockets, xattrs }) => {
        if (walked) return // what several walks leave out is told once
        walked = true
        if (sockets > 0) context.note(`sockets skipped in ${path}: ${sockets}`)
        if (xattrs > 0) context.note(`names in ${path} that are not UTF-8, of which no extended attributes: ${xattrs}`)
      }
    })
    const name = `directory ${path} at /${target}`
    return Readable.from([{ kind: 'snapshot', lower: null, upper, history: [historyOf(target)], name }])
  }
)

/** The step as a history shows it: the target only, because where the directory lay is nobody's business. */
export function historyOf(target: string): History {
  return { created_by: `COPY . /${target} # layerpipe`, comment: 'layerpipe' }
}
