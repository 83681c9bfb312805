import { createHash } from 'node:crypto'
import { headerLine } from '../diff/header-line.js'
import type { TreeNode } from './tree.js'

/** Changes when equal nodes could come to give another layer. */
const VERSION = 1

/** So many are digested at once. */
const LINES = 256

/**
 * What a layer is made of, in one digest: every header, and what stands for the contents. Nothing is read for
 * it. Undefined where the contents of some path are known by nothing but themselves.
 */
export function layerKey(nodes: Iterable<TreeNode>): string | undefined {
  const hash = createHash('sha256').update(`layer ${VERSION}\n`)
  const inodes = new Map<object, number>()
  const lines: string[] = []
  for (const { entry, body, inode } of nodes) {
    if (body && body.identity === null) return undefined
    const number = inode === null ? 0 : (inodes.get(inode) ?? inodes.size + 1)
    if (inode !== null) inodes.set(inode, number)
    lines.push(`${headerLine(entry)}\0${body?.identity ?? ''}\0${number}\n`)
    if (lines.length === LINES) hash.update(lines.splice(0).join(''), 'latin1')
  }
  hash.update(lines.join(''), 'latin1')
  return `sha256:${hash.digest('hex')}`
}
