import { Readable } from 'node:stream'
import { createDirectorySnapshot } from '../diff/directory.js'
import { type Node, source } from '../graph/node.js'
import type { History } from '../image/config.js'
import type { LayerSource } from '../stages/items.js'
import { bytesOfText } from '../streams/bytes.js'

export type DirectoryParameters = {
  /** Absolute path of the directory. */
  readonly path: string
  /** Where it stands in the image: relative, no trailing slash; empty for the root. */
  readonly target: string
}

/** A directory of this machine as one layer. */
export const directory: (parameters: DirectoryParameters) => Node<LayerSource> = source(
  'directory',
  ({ path, target }: DirectoryParameters, context) => {
    const upper = createDirectorySnapshot(path, {
      target: bytesOfText(target),
      onSockets: (count) => context.note(`${count} ${count === 1 ? 'socket' : 'sockets'} skipped in ${path}`)
    })
    return Readable.from([{ kind: 'snapshot', lower: null, upper, history: [historyOf(target)] }])
  }
)

/** The step as a history shows it: the target only, because where the directory lay is nobody's business. */
export function historyOf(target: string): History {
  return { created_by: `COPY . /${target} # layerpipe`, comment: 'layerpipe' }
}
