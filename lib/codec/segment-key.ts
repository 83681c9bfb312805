import { createHash } from 'node:crypto'
import type { Entry } from '../diff/entry.js'
import { headerLine } from '../diff/header-line.js'

/** Changes when equal entries could come to be packed to other bytes. */
const VERSION = 1

/**
 * A segment is what lies between two places of a layer where a block begins with an entry. Its key stands for all of
 * its bytes, without any of them being read.
 */
export interface SegmentKey {
  /** Takes the next entry, as it is packed. */
  add(entry: Entry): void
  /** Null where the contents of some entry are known by nothing but themselves. `last` segments have the tar's end. */
  finish(last: boolean): string | null
}

export function createSegmentKey(): SegmentKey {
  const lines = [`segment ${VERSION}`]
  let known = true
  return {
    add(entry) {
      if (entry.identity === null && entry.size > 0) known = false
      if (known) lines.push(`${headerLine(entry)}\0${entry.identity ?? ''}`)
    },
    finish(last) {
      if (!known) return null
      lines.push(last ? 'end' : '')
      return createHash('sha256').update(lines.join('\n'), 'latin1').digest('hex')
    }
  }
}
