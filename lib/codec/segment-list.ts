import { newestOf } from '../tar/newest.js'
import type { CompressedBlock, Segment } from './block-cache.js'
import type { Cut, KnownBlock } from './cut.js'
import { createSegmentKey } from './segment-key.js'

/** The segments of a layer, told block by block. */
export interface SegmentList {
  /** Takes the next block; `block` is what is remembered of it, null for nothing. */
  add(work: Cut | KnownBlock, block: CompressedBlock | null): void
  /** All of them, and the newest mtime in them, as of a TarSummary. */
  finish(): { readonly segments: readonly Segment[]; readonly newest: number | null }
}

export function createSegmentList(): SegmentList {
  const segments: Segment[] = []
  let newest: number | null = null
  let key = createSegmentKey()
  let blocks: CompressedBlock[] = []
  const close = (last: boolean): void => {
    if (blocks.length > 0) segments.push({ key: key.finish(last), blocks })
    key = createSegmentKey()
    blocks = []
  }
  const addCut = ({ entries, aligned }: Cut): void => {
    if (aligned) close(false)
    for (const entry of entries) key.add(entry)
    newest = newestOf(entries, newest)
  }
  const addKnown = ({ segment, index }: KnownBlock): void => {
    if (index === 0) close(false)
    key = { add: () => {}, finish: () => segment.key }
    if (segment.newest !== null) newest = Math.max(newest ?? segment.newest, segment.newest)
  }
  return {
    add(work, block) {
      if ('pieces' in work) addCut(work)
      else addKnown(work)
      if (block) blocks.push(block)
    },
    finish() {
      close(true)
      return { segments, newest }
    }
  }
}
