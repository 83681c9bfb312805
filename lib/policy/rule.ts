import type { Entry } from '../diff/entry.js'
import type { ByteString } from '../streams/bytes.js'

/**
 * What is not allowed in an image. A policy is a list of rules; a module that is given as one exports such a list.
 *
 * @example
 * const noBinaries: Rule = {
 *   name: 'no-binaries',
 *   judge: () => ({ entry: ({ path }) => (path.startsWith('usr/bin/') ? 'is below /usr/bin' : null) })
 * }
 */
export interface Rule {
  readonly name: string
  /** Makes the judge of one image. */
  judge(): Judge
}

/** Looks at an image while it passes. Each method gives what is wrong, as a phrase, or null. */
export interface Judge {
  /** An entry of a layer, as it comes. */
  entry?(entry: Entry): string | null
  /** The next piece of the body of the entry that came last. Said once for each entry at most. */
  piece?(bytes: Buffer): string | null
  /** The end of a layer, with the bytes of its files. */
  layer?(bytes: number): string | null
  /** The end of the image, with the bytes of all its layers' files. */
  image?(bytes: number): string | null
}

/** Something that a rule does not allow. */
export interface Violation {
  readonly rule: string
  /** Null for a layer or an image as a whole. */
  readonly path: ByteString | null
  /** Counted from 0, the lowest; null for an image as a whole. */
  readonly layer: number | null
  /** "holds a private key". */
  readonly complaint: string
}
