/** Another format of archives or of compression, and what makes a tar of it. */
export interface ForeignFormat {
  readonly name: string
  readonly advice: string
}

/** Bytes that `foreignFormat` looks at. */
export const MAGIC_LENGTH = 10

/** The format that a file begins with, where that is well known, can't be read here and is no tar's beginning. */
export function foreignFormat(head: Buffer): ForeignFormat | null {
  const text = head.toString('latin1', 0, MAGIC_LENGTH)
  return FORMATS.find(({ magic }) => magic.test(text)) ?? null
}

const FORMATS: readonly (ForeignFormat & { readonly magic: RegExp })[] = [
  { name: 'one in xz', magic: /^\xfd7zXZ\0/, advice: 'decompress it first, with xz -d' },
  // With the first block's, since a file in a tar may well be called BZh.
  { name: 'one in bzip2', magic: /^BZh[1-9]1AY&SY/, advice: 'decompress it first, with bzip2 -d' },
  { name: 'a zip archive', magic: /^PK\x03\x04/, advice: 'unzip it first, and give the directory' }
]
