import { Readable } from 'node:stream'
import { baseOf } from '../diff/entry.js'
import { type ByteString, textOf } from '../streams/bytes.js'
import { createParentDirectories } from './parent-directories.js'
import { readTarNodes, type TarSource } from './tar-tree.js'
import { childPath, openBody, type TreeNode } from './tree.js'
import type { TreeWriter } from './writer.js'

/**
 * Unpacks an archive into a directory of the writer's tree. Owners and times are the archive's own. As with BuildKit
 * and tar(1) what an entry's name leads through stays as it is, links followed as if the directory were the root; what
 * the name itself stands for is replaced, unless both are directories.
 */
export async function unpackArchive(
  node: TreeNode,
  directory: ByteString,
  writer: TreeWriter,
  temporary: () => Promise<string>,
  circular: (path: ByteString) => Error
): Promise<void> {
  const nodes = await readTarNodes(tarOf(node), temporary)
  const parents = createParentDirectories(directory, writer, circular)
  writer.beginSource()
  for (const each of nodes) {
    const { path } = each.entry
    writer.replace(childPath(parents(path), baseOf(path)), each)
  }
}

function tarOf({ entry, body }: TreeNode): TarSource {
  return {
    open: () => (body ? openBody(body, entry) : Readable.from([])),
    subject: `archive ${textOf(entry.path)}`,
    identity: body?.identity ?? null
  }
}
