import type { Entry } from '../diff/entry.js'
import { InputError } from '../errors.js'

/** The table of contents, as a file of the layer. */
export const TOC_NAME = 'stargz.index.json'

/** Up to the first, a layer is fetched ahead; the second says that none of it is. */
export const PREFETCH_LANDMARK = '.prefetch.landmark'
export const NO_PREFETCH_LANDMARK = '.no.prefetch.landmark'

/** Names at the top of a layer that mean something to who pulls it lazily. */
export const RESERVED: ReadonlySet<string> = new Set([TOC_NAME, PREFETCH_LANDMARK, NO_PREFETCH_LANDMARK])

/** Refuses an entry that would be taken for the format's own. */
export function checkName({ path }: Entry): void {
  if (!RESERVED.has(path)) return
  throw new InputError({
    operation: 'compress layer as estargz',
    subject: `entry ${path}`,
    expected: 'a layer without the files that estargz adds',
    found: 'one that has it already',
    advice: 'leave it out, or use another compression'
  })
}
