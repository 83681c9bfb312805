import { parentOf } from '../diff/entry.js'
import type { ByteString } from '../streams/bytes.js'
import { resolvePath } from './resolve-path.js'
import { childPath, type Tree } from './tree.js'
import type { TreeWriter } from './writer.js'

/**
 * Gives, for the paths in an archive that is unpacked into `directory`, the directories of the writer's tree that they
 * go into: made where they are missing, left as they are where they are there. Links are followed as if `directory`
 * were the root, so that none leads out of it. Fails where something else is in the way, or links go in a circle.
 */
export function createParentDirectories(
  directory: ByteString,
  writer: TreeWriter,
  circular: (path: ByteString) => Error
): (path: ByteString) => ByteString {
  const { target } = writer
  const inside = (path: ByteString) => (path === '' ? directory : childPath(directory, path))
  const view: Tree = { get: (path) => target.get(inside(path)), names: (path) => target.names(inside(path)) }
  const known = new Map<ByteString, ByteString>()
  return (path) => {
    const parent = parentOf(path)
    const found = known.get(parent) ?? inside(resolvePath(view, parent, { circular: (link) => circular(inside(link)) }))
    if (!known.has(parent)) writer.makeDirectories(found)
    known.set(parent, found)
    return found
  }
}
