import { UNREADABLE_LENGTH, unreadableFormat } from '../codec/unreadable-format.js'

/** Another format of archives or of compression, and what makes a tar of it. */
export interface ForeignFormat {
  readonly name: string
  readonly advice: string
}

/** Bytes that `foreignFormat` looks at. */
export const MAGIC_LENGTH = UNREADABLE_LENGTH

/** The format that a file begins with, where that is well known, can't be read here and is no tar's beginning. */
export function foreignFormat(head: Buffer): ForeignFormat | null {
  const compression = unreadableFormat(head)
  if (compression !== null)
    return { name: `one in ${compression}`, advice: `decompress it first, with ${compression} -d` }
  if (!head.toString('latin1').startsWith(ZIP)) return null
  return { name: 'a zip archive', advice: 'unzip it first, and give the directory' }
}

/** Of a zip archive with a file in it (APPNOTE.TXT, section 4.3.7). */
const ZIP = 'PK\x03\x04'
