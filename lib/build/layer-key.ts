import { createHash } from 'node:crypto'
import { canonicalJson } from '../graph/json.js'
import { bufferOf } from '../streams/bytes.js'
import type { TreeNode } from './tree.js'

/** Changes when equal nodes could come to give another layer. */
const VERSION = 1

/**
 * What a layer is made of, in one digest: every header in full, and what stands for the contents. Nothing is read for
 * it. Undefined where the contents of some path are known by nothing but themselves.
 */
export function layerKey(nodes: Iterable<TreeNode>): string | undefined {
  const hash = createHash('sha256').update(`layer ${VERSION}\n`)
  const inodes = new Map<object, number>()
  for (const { entry, body, inode } of nodes) {
    if (body && body.identity === null) return undefined
    const number = inode === null ? 0 : (inodes.get(inode) ?? inodes.size + 1)
    if (inode !== null) inodes.set(inode, number)
    const { xattrs, ...header } = entry
    const attributes = xattrs === null ? null : [...xattrs].map(([name, value]) => [name, value.toString('base64')])
    hash.update(bufferOf(canonicalJson([{ ...header }, attributes, body?.identity ?? null, number])))
  }
  return `sha256:${hash.digest('hex')}`
}
