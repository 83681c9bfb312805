/** How many bytes `unreadableFormat` needs. */
export const UNREADABLE_LENGTH = 10

/** First bytes of compressions that BuildKit unpacks and this program cannot read. */
const FORMATS: readonly (readonly [string, RegExp])[] = [
  ['xz', /^\xfd7zXZ\0/], // The .xz File Format, section 2.1.1.1
  ['bzip2', /^BZh[1-9](?:1AY&SY|\x17rE8P\x90)/] // behind its three letters and the level, a block or the end
]

/** The name of the compression that something begins as; null where it is none of those. */
export function unreadableFormat(head: Buffer): string | null {
  const text = head.toString('latin1', 0, UNREADABLE_LENGTH)
  return FORMATS.find(([, magic]) => magic.test(text))?.[0] ?? null
}
