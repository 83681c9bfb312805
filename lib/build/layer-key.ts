import { createHash } from 'node:crypto'
import type { Entry } from '../diff/entry.js'
import type { TreeNode } from './tree.js'

/** Changes when equal nodes could come to give another layer. */
const VERSION = 1

const HALF_SECOND = 500_000_000

/**
 * What a layer is made of, in one digest: every header, and what stands for the contents. Nothing is read for
 * it. Undefined where the contents of some path are known by nothing but themselves.
 */
export function layerKey(nodes: Iterable<TreeNode>): string | undefined {
  const hash = createHash('sha256').update(`layer ${VERSION}\n`)
  const inodes = new Map<object, number>()
  for (const { entry, body, inode } of nodes) {
    if (body && body.identity === null) return undefined
    const number = inode === null ? 0 : (inodes.get(inode) ?? inodes.size + 1)
    if (inode !== null) inodes.set(inode, number)
    hash.update(`${headerLine(entry)}\0${body?.identity ?? ''}\0${number}\n`, 'latin1')
  }
  return `sha256:${hash.digest('hex')}`
}

/**
 * No field can hold a zero byte, so the line can be read in one way only. A layer's times are whole seconds: of the
 * rest only counts which second is nearer.
 */
function headerLine(entry: Entry): string {
  const { path, type, mode, uid, gid, size, mtime, nanoseconds, link, major, minor, xattrs } = entry
  const attributes =
    xattrs === null ? '' : [...xattrs].map(([name, value]) => `${name}=${value.toString('hex')}`).join()
  const half = nanoseconds < HALF_SECOND ? 0 : 1
  return [path, type, mode, uid, gid, size, mtime, half, link, major, minor, attributes].join('\0')
}
