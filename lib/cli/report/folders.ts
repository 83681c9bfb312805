import type { Entry } from '../../diff/entry.js'
import type { ByteString } from '../../streams/bytes.js'

/** A file, or a directory with all that is below it. */
export interface Folder {
  readonly path: ByteString
  /** Bytes of bodies. */
  readonly size: number
  readonly files: number
}

/**
 * At most `most` files and directories that together hold all of a layer's bytes: directories are opened, the largest
 * first, as long as there is room for what is in them.
 */
export function largestFolders(entries: readonly Entry[], most: number): readonly Folder[] {
  const root = createTree(entries)
  let shown: Tree[] = [root]
  for (;;) {
    const largest = shown.filter((tree) => tree.children.size > 0).sort((a, b) => b.size - a.size)
    const opened = largest.find((tree) => shown.length - 1 + tree.children.size <= most)
    if (opened === undefined)
      return shown.filter(({ size }) => size > 0).map(({ path, size, files }) => ({ path, size, files }))
    shown = [...shown.filter((tree) => tree !== opened), ...opened.children.values()]
  }
}

interface Tree {
  readonly path: ByteString
  size: number
  files: number
  readonly children: Map<ByteString, Tree>
}

function createTree(entries: readonly Entry[]): Tree {
  const root: Tree = { path: '', size: 0, files: 0, children: new Map() }
  for (const { path, size } of entries) {
    if (size === 0) continue
    let tree = root
    for (let end = 0; ; ) {
      tree.size += size
      tree.files += 1
      if (end === path.length) break
      const slash = path.indexOf('/', end === 0 ? 0 : end + 1)
      end = slash < 0 ? path.length : slash
      tree = childOf(tree, path.slice(0, end))
    }
  }
  return root
}

function childOf(tree: Tree, path: ByteString): Tree {
  const known = tree.children.get(path)
  if (known) return known
  const child: Tree = { path, size: 0, files: 0, children: new Map() }
  tree.children.set(path, child)
  return child
}
