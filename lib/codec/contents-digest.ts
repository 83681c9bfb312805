import { type Digest, finishDigest, startDigest } from '../blob/digest.js'
import type { KnownBlock } from './cut.js'
import type { Fresh, Recalled } from './recall-blocks.js'
import { createSegmentReader } from './segment-reader.js'

/** The digest of all that a layer's blocks decompress to. */
export interface ContentsDigest {
  /** Takes the next block. Gives what goes out: another one, where what it was known by turns out to be wrong. */
  add(block: Recalled): Promise<Recalled>
  finish(): Digest
}

/** `remake` makes a known block anew. */
export function createContentsDigest(remake: (block: KnownBlock) => Promise<Fresh>): ContentsDigest {
  const reader = createSegmentReader()
  let running = startDigest()
  const addKnown = async (known: KnownBlock, recalled: Recalled): Promise<Recalled> => {
    const digested = await reader.digest(known, running)
    if (digested === null) return addContents({ work: known, ...(await remake(known)) })
    running = digested
    return recalled
  }
  const addContents = (recalled: Recalled): Recalled => {
    for (const piece of recalled.contents ?? []) running.update(piece)
    return recalled
  }
  return {
    async add(recalled) {
      const { work, contents } = recalled
      if ('pieces' in work) return addContents(recalled)
      if (contents === null) return addKnown(work, recalled)
      await reader.skip(work)
      return addContents(recalled)
    },
    finish: () => finishDigest(running)
  }
}
