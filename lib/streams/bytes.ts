/**
 * A string in which every character is one byte (what Node calls latin1).
 *
 * File names are bytes, not text. Held like this they can be map keys, compare in byte order with `<`, and
 * come out as they went in, UTF-8 or not.
 */
export type ByteString = string

/** The byte string of a text's UTF-8 encoding. */
export function bytesOfText(text: string): ByteString {
  return Buffer.from(text, 'utf8').toString('latin1')
}

/** The byte string of a buffer. */
export function bytesOfBuffer(buffer: Uint8Array): ByteString {
  return Buffer.from(buffer.buffer, buffer.byteOffset, buffer.byteLength).toString('latin1')
}

/** The bytes of a byte string. */
export function bufferOf(bytes: ByteString): Buffer {
  return Buffer.from(bytes, 'latin1')
}

/** A byte string as text for people: UTF-8 where it is, with replacement characters where it is not. */
export function textOf(bytes: ByteString): string {
  return isAscii(bytes) ? bytes : bufferOf(bytes).toString('utf8')
}

/** A name as one line of a message may hold it: as text, with escapes for what a terminal would obey. */
export function printable(bytes: ByteString): string {
  return printableText(textOf(bytes))
}

/** Text for a terminal or a log: control characters, which could rewrite what stands there, as escapes. */
export function printableText(text: string): string {
  return text.replace(/\p{Cc}/gu, (each) => `\\x${each.charCodeAt(0).toString(16).padStart(2, '0')}`)
}

/** A path for a message, which may not be as long as paths get. */
export function shortened(path: string): string {
  return path.length > LONGEST_SHOWN ? `${path.slice(0, LONGEST_SHOWN)}…` : path
}

const LONGEST_SHOWN = 500

/** Whether every byte is below 128: all others take two in UTF-8. Nothing else that says so is as fast. */
export function isAscii(bytes: ByteString): boolean {
  return Buffer.byteLength(bytes) === bytes.length
}
